// A film for the browser's fake camera: barcodes, drawn bar by bar, one after the other with nothing in between.
import { closeSync, openSync, writeSync } from 'node:fs';

const [WIDTH, HEIGHT] = [640, 480];
/** Pixels of the thinnest bar. */
const BAR = 4;
const FRAMES_PER_SECOND = 5;

/** The sevens of an EAN-13: odd and even on the left; on the right the odd one's opposite. */
const ODD = ['0001101', '0011001', '0010011', '0111101', '0100011', '0110001', '0101111', '0111011', '0110111', '0001011'];
/** Which of the left six are even, by the first digit, which has no bars of its own. */
const EVEN = ['000000', '001011', '001101', '001110', '010011', '011001', '011100', '010101', '010110', '011010'];

const opposite = (bars: string) => [...bars].map((bar) => (bar === '1' ? '0' : '1')).join('');
const backwards = (bars: string) => [...bars].reverse().join('');

/** The 95 bars and gaps of an EAN-13. */
function bars(code: string): string {
  const [first, ...digits] = [...code].map(Number);
  const left = digits.slice(0, 6).map((digit, at) => (EVEN[first][at] === '1' ? backwards(opposite(ODD[digit])) : ODD[digit]));
  const right = digits.slice(6).map((digit) => opposite(ODD[digit]));
  return `101${left.join('')}01010${right.join('')}101`;
}

/** A picture in Y4M: brightness, then colours, of which there are none. */
function picture(code?: string): Buffer {
  const light = Buffer.alloc(WIDTH * HEIGHT, 0xff);
  if (code) {
    const drawn = bars(code);
    const from = Math.round((WIDTH - drawn.length * BAR) / 2);
    for (let y = HEIGHT * 0.3; y < HEIGHT * 0.7; y += 1) {
      [...drawn].forEach((bar, at) => bar === '1' && light.fill(0, y * WIDTH + from + at * BAR, y * WIDTH + from + (at + 1) * BAR));
    }
  }
  return Buffer.concat([Buffer.from('FRAME\n'), light, Buffer.alloc((WIDTH * HEIGHT) / 2, 0x80)]);
}

/** Writes a film that shows each code for a second; the fake camera plays it over and over. */
export function film(path: string, codes: readonly string[]): string {
  const file = openSync(path, 'w');
  writeSync(file, `YUV4MPEG2 W${WIDTH} H${HEIGHT} F${FRAMES_PER_SECOND}:1 Ip A1:1 C420jpeg\n`);
  for (const code of codes) {
    for (let frame = 0; frame < 5; frame += 1) writeSync(file, picture(code));
    for (let frame = 0; frame < 2; frame += 1) writeSync(file, picture());
  }
  closeSync(file);
  return path;
}
