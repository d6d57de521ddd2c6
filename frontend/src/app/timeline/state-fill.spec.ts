import { LIGHT } from '../charts/palette';
import { stateFills } from './state-fill';

/** jsdom draws nothing: a canvas that tells what it was asked for. */
function drawing(): { document: Document; strokes: string[] } {
  const strokes: string[] = [];
  const pen = new Proxy({} as Record<string, unknown>, {
    get: (target, name: string) =>
      name in target ? target[name] : (...args: number[]) => strokes.push(`${name} ${args.join()}`),
  });
  const canvas = { width: 0, height: 0, getContext: () => pen };
  return { document: { createElement: () => canvas } as unknown as Document, strokes };
}

describe('what bars are filled with', () => {
  it('is a colour where nothing can be drawn on', () => {
    const none = { createElement: () => ({ getContext: () => null }) } as unknown as Document;
    const palette = { ...LIGHT, states: { ...LIGHT.states, setup: '#000001' } };
    expect(stateFills(palette, none).setup).toBe('#000001');
    expect(stateFills(palette, none).production).toBe(LIGHT.states.production);
  });

  it('is a pattern of its own for each loss but the technical one, which is plain', () => {
    const { document } = drawing();
    const fills = stateFills(LIGHT, document);
    expect(fills.technical).toBe(LIGHT.states.technical);
    for (const state of ['organisational', 'other', 'unclassified', 'setup', 'short_stop'] as const) {
      expect(fills[state]).toMatchObject({ repeat: 'repeat' });
    }
  });

  it('is drawn once', () => {
    const { document, strokes } = drawing();
    stateFills(LIGHT, document);
    const count = strokes.length;
    stateFills(LIGHT, document);
    expect(strokes.length).toBe(count);
  });
});
