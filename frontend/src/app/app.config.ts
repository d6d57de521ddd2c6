import { provideHttpClient } from '@angular/common/http';
import {
  ApplicationConfig,
  Injectable,
  LOCALE_ID,
  inject,
  provideBrowserGlobalErrorListeners,
} from '@angular/core';
import { Title } from '@angular/platform-browser';
import {
  RouterStateSnapshot,
  TitleStrategy,
  provideRouter,
  withComponentInputBinding,
  withInMemoryScrolling,
} from '@angular/router';
import { LANGUAGE, Language } from '../locale/language';
import { routes } from './app.routes';
import { PRODUCT } from './product';

@Injectable()
export class ProductTitle extends TitleStrategy {
  private readonly title = inject(Title);

  override updateTitle(snapshot: RouterStateSnapshot): void {
    const page = this.buildTitle(snapshot);
    this.title.setTitle(page ? `${page} · ${PRODUCT}` : PRODUCT);
  }
}

export function appConfig(language: Language): ApplicationConfig {
  return {
    providers: [
      provideBrowserGlobalErrorListeners(),
      provideHttpClient(),
      provideRouter(
        routes,
        withComponentInputBinding(),
        withInMemoryScrolling({ scrollPositionRestoration: 'enabled' }),
      ),
      { provide: TitleStrategy, useClass: ProductTitle },
      { provide: LANGUAGE, useValue: language },
      { provide: LOCALE_ID, useValue: language },
    ],
  };
}
