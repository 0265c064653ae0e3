// A piece of the module. A line that breaks while it is on its way costs waiting, not the page; a piece that the server
// has no more belongs to another build, which a reload brings.
async function piece(address) {
    for (let wait = 500; ; wait = Math.min(2 * wait, 8_000)) {
        try {
            const answer = await fetch(address);
            if (answer.status === 404) {
                location.reload();
                return await new Promise(() => {});
            }
            if (answer.ok) return await WebAssembly.compileStreaming(answer);
        } catch (error) {
            // Arrived whole and still no module: asking again would not help.
            if (error instanceof WebAssembly.CompileError) throw error;
        }
        await new Promise((resume) => {
            setTimeout(resume, wait);
            addEventListener("online", resume, { once: true });
        });
    }
}
