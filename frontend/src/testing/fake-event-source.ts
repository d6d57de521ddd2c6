/** An EventSource of which the spec decides what happens. */
export class FakeEventSource {
  static readonly opened: FakeEventSource[] = [];
  readonly CLOSED = 2;
  readyState = 0;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  isClosed = false;
  private readonly listeners = new Map<string, (event: { lastEventId: string }) => void>();

  constructor(readonly url: string) {
    FakeEventSource.opened.push(this);
  }

  static get last(): FakeEventSource {
    const last = FakeEventSource.opened.at(-1);
    if (!last) throw new Error('nothing was opened');
    return last;
  }

  addEventListener(name: string, listener: (event: { lastEventId: string }) => void): void {
    this.listeners.set(name, listener);
  }

  close(): void {
    this.isClosed = true;
  }

  open(): void {
    this.readyState = 1;
    this.onopen?.();
  }

  send(name: string, lastEventId = ''): void {
    this.listeners.get(name)?.({ lastEventId });
  }

  fail(gaveUp: boolean): void {
    this.readyState = gaveUp ? this.CLOSED : 0;
    this.onerror?.();
  }
}
