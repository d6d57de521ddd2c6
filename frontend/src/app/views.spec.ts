import { VIEWS } from './views';

describe('VIEWS', () => {
  it('have an address and a title of their own', () => {
    expect(new Set(VIEWS.map((view) => view.path)).size).toBe(VIEWS.length);
    expect(new Set(VIEWS.map((view) => view.title())).size).toBe(VIEWS.length);
  });

  it('can all be loaded', async () => {
    const components = await Promise.all(VIEWS.map((view) => view.load()));
    expect(components.every((component) => typeof component === 'function')).toBe(true);
  });
});
