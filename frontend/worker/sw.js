// Keeps the app's static files on the device, and says so honestly when there is no connection.
//
// Invariant: never a page, never an answer with data. A shared tablet would show one person's data to the next.
const VERSION = "{{version}}";
const FILES = {{files}};
const CACHE = `storeroom-${VERSION}`;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES)));
});

self.addEventListener("activate", (event) => {
  const old = (name) => name.startsWith("storeroom-") && name !== CACHE;
  const clean = caches.keys().then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name))));
  event.waitUntil(clean.then(() => self.clients.claim()));
});

// A new version waits until a person asks for it.
self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(noConnection));
    return;
  }
  const { origin, pathname } = new URL(request.url);
  if (origin === self.location.origin && FILES.includes(pathname)) {
    event.respondWith(caches.match(pathname, { cacheName: CACHE }).then((kept) => kept ?? fetch(request)));
  }
});

/** The page that says that there is no connection, in the language that was chosen. */
async function noConnection() {
  const chosen = await self.cookieStore?.get("lang").catch(() => null);
  const language = chosen?.value ?? navigator.language.slice(0, 2);
  const page = await caches.match(`/offline.${language === "es" ? "es" : "en"}.html`, { cacheName: CACHE });
  return page ?? Response.error();
}
