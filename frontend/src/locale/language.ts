import { InjectionToken } from '@angular/core';

export const LANGUAGES = ['en', 'de', 'fr'] as const;
export type Language = (typeof LANGUAGES)[number];

export const LANGUAGE_NAMES: Record<Language, string> = {
  en: 'English',
  de: 'Deutsch',
  fr: 'Français',
};

/** The locale that Intl formats with; `en` alone would write days the American way. */
export const LOCALES: Record<Language, string> = { en: 'en-GB', de: 'de-DE', fr: 'fr-FR' };

export const LANGUAGE = new InjectionToken<Language>('language', { factory: () => 'en' });

const STORED_AS = 'te-assets.language';

export function isLanguage(value: unknown): value is Language {
  return (LANGUAGES as readonly unknown[]).includes(value);
}

/** The stored choice, else the first of the browser's languages that there are texts for. */
export function chooseLanguage(stored: string | null, wished: readonly string[]): Language {
  if (isLanguage(stored)) return stored;
  return wished.map((tag) => tag.slice(0, 2).toLowerCase()).find(isLanguage) ?? 'en';
}

export function currentLanguage(): Language {
  return chooseLanguage(readStored(), navigator.languages);
}

/** Texts are read once at start, so another language needs the page again; the address stays. */
export function switchLanguage(language: Language): void {
  localStorage.setItem(STORED_AS, language);
  location.reload();
}

function readStored(): string | null {
  try {
    return localStorage.getItem(STORED_AS);
  } catch {
    return null; // storage is forbidden in some embedded browsers
  }
}
