// This device and the app on it: installing it, keeping its static files, and taking up a new version when asked.
//
// Invariant: nothing here reloads a page that nobody asked to reload.

const app = { prompt: null, waiting: null, asked: false };
const tell = () => dispatchEvent(new Event("storeroom-device"));

addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  app.prompt = event;
  tell();
});
addEventListener("appinstalled", () => {
  app.prompt = null;
  tell();
});

/** Registers the worker and looks for a new one now and then. */
async function keep() {
  const registration = await navigator.serviceWorker.register("/sw.js", { scope: "/", updateViaCache: "none" });
  const look = () => {
    // The very first worker replaces nothing: there is no news in it.
    app.waiting = navigator.serviceWorker.controller ? registration.waiting : null;
    tell();
  };
  registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", look));
  look();
  const ask = () => document.visibilityState === "visible" && navigator.onLine && registration.update().catch(() => {});
  setInterval(ask, 30 * 60 * 1000);
  document.addEventListener("visibilitychange", ask);
}

if ("serviceWorker" in navigator) {
  navigator.serviceWorker.addEventListener("controllerchange", () => app.asked && location.reload());
  // A browser that keeps nothing (private windows, an old one) works without.
  keep().catch(() => {});
}

/** Whether the app runs in a window of its own. */
const isInstalled = () => matchMedia("(display-mode: standalone)").matches || navigator.standalone === true;
/** Apple's tablets and phones install by hand, through the share menu. */
const byHand = () => "standalone" in navigator && !isInstalled();

globalThis.storeroomDevice = {
  installable: () => (isInstalled() ? "no" : app.prompt ? "yes" : byHand() ? "by-hand" : "no"),
  hasUpdate: () => app.waiting !== null,
  /** Asks the browser to install; it asks the person. */
  install: () => app.prompt?.prompt(),
  /** Takes up the new version; the page comes back by itself. */
  update: () => {
    app.asked = true;
    app.waiting?.postMessage("take over");
  },
};
tell();
