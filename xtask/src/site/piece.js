// A piece of the module. A line that breaks while it is on its way costs waiting, not the page; a piece that the server
// has no more belongs to another build, which a reload brings.
async function piece(address) {
    // The page's own are on their way since it began; each can be read once.
    let coming = window.pieces?.[address.pathname];
    delete window.pieces?.[address.pathname];
    for (let wait = 500; ; wait = Math.min(2 * wait, 8_000)) {
        try {
            const answer = await (coming ?? fetch(address));
            if (answer.status === 404) {
                location.reload();
                return await new Promise(() => {});
            }
            if (answer.ok) return await WebAssembly.compileStreaming(answer);
        } catch (error) {
            // Arrived whole and still no module: asking again would not help.
            if (error instanceof WebAssembly.CompileError) throw error;
        }
        coming = undefined;
        await new Promise((resume) => {
            setTimeout(resume, wait);
            addEventListener("online", resume, { once: true });
        });
    }
}

let together;
// One of the small pieces: they come in one file, each as a section of it.
async function small(name) {
    together ??= piece(new URL("./{{small}}", import.meta.url));
    return WebAssembly.compile(WebAssembly.Module.customSections(await together, name)[0]);
}
