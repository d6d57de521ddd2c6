import { registerLocaleData } from '@angular/common';
import { loadTranslations } from '@angular/localize';
import type { Language } from './language';

/** What a language brings: its texts by message id, and Angular's data for plural forms. */
export interface LanguagePack {
  texts: Record<string, string>;
  data: unknown;
}

const PACKS: Record<Exclude<Language, 'en'>, () => Promise<LanguagePack>> = {
  de: () => import('./de').then((module) => module.pack),
  fr: () => import('./fr').then((module) => module.pack),
};

/** Has to be done before the first template is created: `$localize` answers from then on. */
export async function loadLanguage(language: Language): Promise<void> {
  document.documentElement.lang = language;
  if (language === 'en') return;
  const { texts, data } = await PACKS[language]();
  loadTranslations(texts);
  registerLocaleData(data, language);
}
