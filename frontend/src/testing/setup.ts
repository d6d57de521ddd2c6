// jsdom has neither; both only ever say that something changes later.
globalThis.ResizeObserver ??= class {
  observe(): void {
    // nothing is ever laid out
  }
  unobserve(): void {
    // nothing is ever laid out
  }
  disconnect(): void {
    // nothing is ever laid out
  }
};
globalThis.matchMedia ??= ((query: string) => ({
  media: query,
  matches: false,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
})) as unknown as typeof matchMedia;

beforeEach(() => localStorage.clear());
