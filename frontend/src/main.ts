import { bootstrapApplication } from '@angular/platform-browser';
import { App } from './app/app';
import { appConfig } from './app/app.config';
import { currentLanguage } from './locale/language';
import { loadLanguage } from './locale/load';

const language = currentLanguage();

loadLanguage(language)
  .then(() => bootstrapApplication(App, appConfig(language)))
  .catch((error: unknown) => {
    document.querySelector('te-root')?.replaceChildren(String(error));
    throw error;
  });
