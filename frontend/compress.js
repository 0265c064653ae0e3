// Writes `.br` and `.gz` beside each file that a browser would rather fetch small: node compress.js FOLDER.
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const compressible = new Set(['.css', '.html', '.ico', '.js', '.json', '.map', '.svg', '.txt', '.wasm', '.webmanifest', '.xml']);
const bytesMin = 512; // below, the headers weigh more than what is saved

const [folder] = process.argv.slice(2);
const entries = await readdir(folder, { recursive: true, withFileTypes: true });
const files = entries.filter(entry => entry.isFile() && compressible.has(extname(entry.name)));

await Promise.all(files.map(async file => {
  const path = join(file.parentPath ?? file.path, file.name);
  const content = await readFile(path);
  if (content.length < bytesMin) return;
  const params = { [constants.BROTLI_PARAM_SIZE_HINT]: content.length, [constants.BROTLI_PARAM_LGWIN]: 22 };
  if (extname(path) === '.wasm') {
    // Repeats in WASM lie at distances that end alike, and many lie near.
    params[constants.BROTLI_PARAM_NPOSTFIX] = 2;
    params[constants.BROTLI_PARAM_NDIRECT] = 60;
  }
  const [br, gz] = await Promise.all([promisify(brotliCompress)(content, { params }), promisify(gzip)(content, { level: 9 })]);
  await Promise.all([writeFile(`${path}.br`, br), writeFile(`${path}.gz`, gz)]);
}));
