import { Injectable, computed, inject } from '@angular/core';
import { LANGUAGE, LOCALES, Language } from '../../locale/language';
import { Site } from '../api/site';
import { FilterState } from '../filters/filter-state';
import { Theme } from '../ui/theme';
import { DARK, LIGHT, Palette } from './palette';

/** All that an option builder needs beside its data, so that it can be a pure function. */
export interface ChartContext {
  readonly language: Language;
  readonly locale: string;
  /** IANA zone of the plants shown. */
  readonly zone: string;
  readonly isDark: boolean;
  readonly palette: Palette;
  /** Big type: a wallboard is read from afar. */
  readonly isKiosk: boolean;
}

@Injectable({ providedIn: 'root' })
export class ChartContexts {
  private readonly language = inject(LANGUAGE);
  private readonly theme = inject(Theme);
  private readonly site = inject(Site);
  private readonly filterState = inject(FilterState);

  readonly context = computed<ChartContext>(() => ({
    language: this.language,
    locale: LOCALES[this.language],
    zone: this.site.zone(),
    isDark: this.theme.isDark(),
    palette: this.theme.isDark() ? DARK : LIGHT,
    isKiosk: this.filterState.isKiosk(),
  }));
}
