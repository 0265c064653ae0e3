// Reads barcodes where the browser has no detector of its own: ZXing as WASM, in a worker, so that the till stays quick.
//
// Loaded only by the camera. The WASM comes from beside this file: the library's own choice would be another host.
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";
import wasm from "zxing-wasm/reader/zxing_reader.wasm";

/** What a scanner reads too. Of ITF only the 14 digits of a case: a shorter one has no check digit, and is seen in anything striped. */
const formats = ["EAN13", "EAN8", "UPCA", "UPCE", "Code128", "ITF14", "QRCode", "DataMatrix"];

const locateFile = () => new URL(wasm, import.meta.url).href;
const ready = prepareZXingModule({ overrides: { locateFile }, fireImmediately: true });
// Said with the first picture.
ready.catch(() => {});

onmessage = async ({ data: picture }) => {
  try {
    await ready;
    const { width, height } = picture;
    const paper = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
    paper.drawImage(picture, 0, 0);
    picture.close();
    const found = await readBarcodes(paper.getImageData(0, 0, width, height), { formats, maxNumberOfSymbols: 1, textMode: "Plain" });
    postMessage({ code: found[0]?.text ?? "" });
  } catch (error) {
    postMessage({ error: String(error) });
  }
};
