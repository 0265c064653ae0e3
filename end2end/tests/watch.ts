// Watches every page of a test: a console message, a failed request or one to another host fails the test.
import type { BrowserContext, ConsoleMessage, Page, Request, Response } from '@playwright/test';

export class Watch {
  private readonly seen: string[] = [];
  private readonly expected: RegExp[] = [];

  /** From now on every page of this context is watched; it may talk to that origin only. */
  over(context: BrowserContext, origin: string): void {
    context.on('page', (page) => this.overPage(page, origin));
    context.on('request', (request) => this.request(request, origin));
    context.on('requestfailed', (request) => this.failed(request));
    context.on('response', (response) => this.response(response));
  }

  /** Says that messages like this one are the test's own doing. */
  expect(...messages: RegExp[]): void {
    this.expected.push(...messages);
  }

  /** What was seen and not expected. */
  get complaints(): string[] {
    return this.seen.filter((text) => !this.expected.some((pattern) => pattern.test(text)));
  }

  private overPage(page: Page, origin: string): void {
    page.on('websocket', (socket) => {
      if (!socket.url().startsWith(origin.replace('http', 'ws'))) this.seen.push(`foreign socket: ${socket.url()}`);
    });
    page.on('console', (message: ConsoleMessage) => {
      // Playwright's own words where it keeps the worker out.
      if (message.text() === 'Service Worker registration blocked by Playwright') return;
      this.seen.push(`console.${message.type()}: ${message.text()} (${message.location().url})`);
    });
    page.on('pageerror', (error) => this.seen.push(`error: ${error.stack ?? error.message}`));
    page.on('crash', () => this.seen.push('the page crashed'));
  }

  private request(request: Request, origin: string): void {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !/^(data|blob|about):/.test(url)) this.seen.push(`foreign request: ${url}`);
  }

  private failed(request: Request): void {
    const why = request.failure()?.errorText ?? 'unknown';
    // The browser gives up what a page no longer needs when one leaves it.
    if (why !== 'net::ERR_ABORTED') this.seen.push(`request failed: ${request.method()} ${request.url()} ${why}`);
  }

  private response(response: Response): void {
    if (response.status() >= 400) this.seen.push(`status ${response.status()}: ${response.request().method()} ${response.url()}`);
  }
}

/** What Chromium itself writes when there is no line; no page can keep it from doing so. */
export const NO_LINE = [
  /console\.error: WebSocket connection to 'ws:\/\/127\.0\.0\.1:\d+\/live' failed/,
  /console\.error: Failed to load resource: net::ERR_(INTERNET_DISCONNECTED|CONNECTION_\w+|EMPTY_RESPONSE|SOCKET_NOT_CONNECTED|NETWORK_CHANGED)/,
  /request failed: (GET|POST) http:\/\/127\.0\.0\.1:\d+\/\S* net::ERR_(INTERNET_DISCONNECTED|CONNECTION_\w+|EMPTY_RESPONSE|SOCKET_NOT_CONNECTED|NETWORK_CHANGED)/,
];

/** What Chromium notes of a page's scripts while scripts are switched off. */
export const NO_SCRIPTS = [
  /request failed: GET \S+\.js csp$/,
  /console\.warning: The resource \S+\.wasm was preloaded using link preload but not used/,
];
