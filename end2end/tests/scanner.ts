// A scanner that types like a keyboard.
import type { Page } from '@playwright/test';

/** A scanner types: so many milliseconds between its keys by their own time stamps, however slow the machine. */
export async function burst(page: Page, code: string, end = '', delay = 4): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  const keys = [...code + end];
  // Ctrl and ] is what it presses for the sign between two parts of a GS1 label.
  const separator = { key: ']', code: 'BracketRight', windowsVirtualKeyCode: 221, modifiers: 2 };
  const began = Date.now() - keys.length * delay;
  await Promise.all(keys.flatMap((key, n) => {
    const timestamp = (began + n * delay) / 1000;
    const named = { '\n': { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13, text: '\r' }, '\t': { key: 'Tab', code: 'Tab', windowsVirtualKeyCode: 9 }, '\x1d': separator }[key];
    const pressed = { timestamp, ...(named ?? { key, text: key, windowsVirtualKeyCode: key.toUpperCase().charCodeAt(0) }) };
    return [devtools.send('Input.dispatchKeyEvent', { type: 'keyDown', ...pressed }), devtools.send('Input.dispatchKeyEvent', { ...pressed, type: 'keyUp', text: undefined })];
  }));
  await devtools.detach();
}
