// Writes `.br` and `.gz` beside each file that a browser would rather fetch small: node compress.js FOLDER.
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const compressible = new Set(['.css', '.html', '.ico', '.js', '.json', '.map', '.svg', '.txt', '.wasm', '.webmanifest', '.xml']);
const bytesMin = 512; // below, the headers weigh more than what is saved

const [folder] = process.argv.slice(2);
const entries = await readdir(folder, { recursive: true, withFileTypes: true });
const files = entries.filter(entry => entry.isFile() && compressible.has(extname(entry.name)));

/**
 * How WASM is best written, as far as Brotli asks: in how many low bits distances end alike, how many near ones have codes
 * of their own, and how long its blocks are (2 to that power; 0 is its own choice).
 */
function ways(path) {
  if (extname(path) !== '.wasm') return [[0, 0, 0]];
  // Repeats in WASM lie at distances that end alike, and many lie near.
  const usual = [2, 60, 0];
  if (!basename(path).startsWith('storeroom_bg')) return [usual];
  // What every page waits for: no rule tells the best, and half a per cent lies between them.
  return [usual, ...Array.from({ length: 16 }, (_, near) => [1, 2 * near, 16])];
}

/** The shortest of what comes out. */
async function smallest(content, tries) {
  const made = await Promise.all(tries.map(([alike, near, block]) => promisify(brotliCompress)(content, { params: {
    [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    [constants.BROTLI_PARAM_LGWIN]: 22,
    [constants.BROTLI_PARAM_NPOSTFIX]: alike,
    [constants.BROTLI_PARAM_NDIRECT]: near,
    [constants.BROTLI_PARAM_LGBLOCK]: block,
  } })));
  return made.reduce((best, br) => (br.length < best.length ? br : best));
}

await Promise.all(files.map(async file => {
  const path = join(file.parentPath ?? file.path, file.name);
  const content = await readFile(path);
  if (content.length < bytesMin) return;
  const [br, gz] = await Promise.all([smallest(content, ways(path)), promisify(gzip)(content, { level: 9 })]);
  await Promise.all([writeFile(`${path}.br`, br), writeFile(`${path}.gz`, gz)]);
}));
