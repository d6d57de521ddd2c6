import { chooseLanguage, currentLanguage } from './language';
import { pack as german } from './de';
import { pack as french } from './fr';
import { loadLanguage } from './load';

describe('chooseLanguage', () => {
  it.each([
    ['fr', ['de-DE'], 'fr'],
    [null, ['de-CH', 'en'], 'de'],
    [null, ['pt-BR', 'fr-CA'], 'fr'],
    [null, ['pt-BR'], 'en'],
    ['xx', ['de'], 'de'],
    [null, [], 'en'],
  ])('of %s stored and %o wished is %s', (stored, wished, language) => {
    expect(chooseLanguage(stored, wished)).toBe(language);
  });

  it('remembers a choice', () => {
    localStorage.setItem('te-assets.language', 'de');
    expect(currentLanguage()).toBe('de');
  });
});

describe('Texts', () => {
  it('are the same in number in German and French', () => {
    expect(Object.keys(german.texts).sort()).toEqual(Object.keys(french.texts).sort());
  });

  it('are none of them empty', () => {
    const all = [...Object.values(german.texts), ...Object.values(french.texts)];
    expect(all.filter((text) => text.trim() === '')).toEqual([]);
  });
});

describe('loadLanguage', () => {
  it('names the language of the page', async () => {
    await loadLanguage('en');
    expect(document.documentElement.lang).toBe('en');
  });
});
