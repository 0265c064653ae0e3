// The camera as a scanner: shows what it sees in a sheet, and tells the sheet each code that it is held to.
//
// Loaded only when somebody opens the camera. The sheet hears of all of it as events `camera`: a word, and what belongs to it.
// Invariant: the camera is on only while its sheet is open and somebody looks at the page. No picture leaves the device.

/** What a scanner reads too, as the browser's own detector calls it. */
const FORMATS = ["ean_13", "ean_8", "upc_a", "upc_e", "code_128", "itf", "qr_code", "data_matrix"];
/** The same code counts again once it was out of sight for so long. */
const AGAIN_MS = 1500;
/** Between two pictures: ten a second are enough for a hand, and spare the battery. */
const PAUSE_MS = 60;
/** A camera that draws no picture is asked all the same. */
const FRAME_MS = 300;
/** What is longer is no code of goods; a scan field takes no more. */
const LONGEST = 200;

/** Why there is no picture, by what the browser calls it. */
const WHY = { NotAllowedError: "refused", SecurityError: "refused", NotReadableError: "busy", AbortError: "busy" };

/** What is under way: the sheet, and the camera once it is lent. */
let session = null;

const tell = (mine, word, more = "") => mine === session && mine.sheet.dispatchEvent(new CustomEvent("camera", { detail: `${word} ${more}` }));
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

/** Asks for the camera and reads until it is stopped. */
async function start(sheet) {
  stop();
  const mine = (session = { sheet, video: sheet.querySelector("video"), stream: null });
  tell(mine, "starting");
  try {
    const stream = await lent();
    if (mine !== session) return release(stream);
    mine.stream = stream;
    const [track] = stream.getVideoTracks();
    // Pulled out, or no longer allowed: asked again, it says which.
    track.addEventListener("ended", () => mine === session && start(sheet));
    // As an attribute it would say how a video begins; Safari wants to know how it is.
    mine.video.muted = true;
    mine.video.srcObject = stream;
    await mine.video.play();
    tell(mine, "reading");
    prepare(mine, track);
  } catch (error) {
    if (mine !== session) return;
    release(mine.stream);
    mine.stream = null;
    tell(mine, typeof error === "string" ? error : (WHY[error.name] ?? "none"));
    return allowed(mine);
  }
  await read(mine).catch(() => {
    release(mine.stream);
    tell(mine, "missing");
  });
}

/** The camera on the back, where there is one. */
async function lent() {
  if (!isSecureContext) throw "insecure";
  if (!navigator.mediaDevices) throw "none";
  const video = { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } };
  return navigator.mediaDevices.getUserMedia({ audio: false, video });
}

/** What this camera can do: keep what is near sharp, and light it. */
function prepare(mine, track) {
  const can = track.getCapabilities?.() ?? {};
  if (can.focusMode?.includes("continuous")) track.applyConstraints({ advanced: [{ focusMode: "continuous" }] }).catch(() => {});
  if (can.torch) tell(mine, "light", "off");
}

/** Turns the light on or off. */
async function light(on) {
  const mine = session;
  const [track] = mine?.stream?.getVideoTracks() ?? [];
  await track?.applyConstraints({ advanced: [{ torch: on }] }).then(() => tell(mine, "light", on ? "on" : "off"), () => {});
}

/** Begins again by itself once a person has allowed it; not every browser says so. */
async function allowed(mine) {
  const permission = await navigator.permissions?.query({ name: "camera" }).catch(() => null);
  permission?.addEventListener("change", () => mine === session && permission.state === "granted" && start(mine.sheet));
}

function release(stream) {
  stream?.getTracks().forEach((track) => track.stop());
}

/** Gives the camera back. */
function stop() {
  const mine = session;
  session = null;
  if (!mine) return;
  release(mine.stream);
  mine.video.srcObject = null;
}

/** Reads picture after picture, and tells the codes that count. */
async function read(mine) {
  const counts = counting();
  let detect = (await own()) ?? zxing;
  while (mine === session) {
    await Promise.race([new Promise((drawn) => mine.video.requestVideoFrameCallback?.(drawn)), wait(FRAME_MS)]);
    if (mine !== session || mine.video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) continue;
    const picture = await createImageBitmap(mine.video, ...aimed(mine.video, mine.sheet.querySelector(".camera-aim")));
    const code = await detect(picture).catch((error) => {
      if (detect === zxing) throw error;
      // Some have a detector in name only.
      detect = zxing;
      return "";
    });
    if (code.length <= LONGEST && counts(code)) tell(mine, "code", code);
    await wait(PAUSE_MS);
  }
}

/** The part of the picture inside the frame that the sheet draws: what lies beside it is not meant. */
function aimed(video, frame) {
  const [shown, box] = [video.getBoundingClientRect(), frame.getBoundingClientRect()];
  const { videoWidth, videoHeight } = video;
  if (!shown.width || !box.width) return [0, 0, videoWidth, videoHeight];
  // The picture covers its place, and what sticks out on both sides is cut off.
  const scale = Math.max(shown.width / videoWidth, shown.height / videoHeight);
  const width = Math.min(videoWidth, box.width / scale);
  const height = Math.min(videoHeight, box.height / scale);
  return [(videoWidth - width) / 2, (videoHeight - height) / 2, width, height];
}

/** Says of each sight whether it counts: seen twice in a row, and not the same thing that still lies there. */
function counting() {
  const seen = new Map();
  let before = "";
  return (code) => {
    const again = code === before;
    before = code;
    if (!code) return false;
    const now = performance.now();
    const still = seen.has(code) && (again || now - seen.get(code) < AGAIN_MS);
    if (still || again) seen.set(code, now);
    else seen.delete(code);
    return again && !still;
  };
}

/** The browser's own detector, if it knows all that a scanner does. */
async function own() {
  const known = (await globalThis.BarcodeDetector?.getSupportedFormats().catch(() => [])) ?? [];
  if (!FORMATS.every((format) => known.includes(format))) return null;
  const detector = new BarcodeDetector({ formats: FORMATS });
  return async (picture) => {
    const found = await detector.detect(picture).finally(() => picture.close());
    const sure = found.find(({ format, rawValue }) => format !== "itf" || /^\d{14}$/.test(rawValue));
    return sure?.rawValue ?? "";
  };
}

/** The worker that reads where the browser cannot; it stays for the next time. */
let worker = null;

/** Reads one picture in the worker. */
function zxing(picture) {
  worker ??= new Worker(document.querySelector("meta[name=reader]").content, { type: "module" });
  const asked = worker;
  return new Promise((read, fail) => {
    const failed = (why) => {
      // The next try begins with a new one.
      asked.terminate();
      worker = null;
      fail(why);
    };
    asked.onmessage = ({ data }) => (data.error ? failed(data.error) : read(data.code));
    asked.onerror = failed;
    asked.postMessage(picture, [picture]);
  });
}

// Nobody looks: the camera is given back, and asked for again when somebody does.
document.addEventListener("visibilitychange", () => {
  if (!session) return;
  const { sheet } = session;
  if (document.visibilityState === "visible") start(sheet);
  else if (session.stream) {
    release(session.stream);
    session = { sheet, video: session.video, stream: null };
  }
});

globalThis.storeroomCamera = { start, stop, light };
