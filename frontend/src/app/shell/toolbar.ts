import { Component, computed, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import {
  LANGUAGE,
  LANGUAGES,
  LANGUAGE_NAMES,
  LOCALES,
  isLanguage,
  switchLanguage,
} from '../../locale/language';
import { Api } from '../api/api';
import { Events } from '../api/events';
import { Site } from '../api/site';
import { FilterState } from '../filters/filter-state';
import { instant } from '../format/format';
import { PRODUCT } from '../product';
import { Icon } from '../ui/icon';
import type { Option } from '../ui/option';
import { SingleSelect } from '../ui/single-select';
import { Theme, ThemeChoice } from '../ui/theme';

@Component({
  selector: 'te-toolbar',
  imports: [RouterLink, Icon, SingleSelect],
  templateUrl: './toolbar.html',
  styleUrl: './toolbar.scss',
})
export class Toolbar {
  protected readonly product = PRODUCT;
  private readonly locale = LOCALES[inject(LANGUAGE)];
  private readonly api = inject(Api);
  protected readonly site = inject(Site);
  protected readonly travelling = inject(FilterState).travelling;
  protected readonly lost = inject(Events).lost;

  protected readonly language = inject(LANGUAGE);
  protected readonly languageLabel = $localize`:@@shell.language:Language`;
  protected readonly languages = LANGUAGES.map((code) => ({
    value: code,
    label: LANGUAGE_NAMES[code],
    language: code,
  }));

  protected readonly theme = inject(Theme);
  protected readonly themeLabel = $localize`:@@shell.theme:Colours`;
  protected readonly themes: readonly (Option & { value: ThemeChoice })[] = [
    { value: 'light', label: $localize`:@@shell.theme.light:Light` },
    { value: 'dark', label: $localize`:@@shell.theme.dark:Dark` },
    { value: 'system', label: $localize`:@@shell.theme.system:As the system` },
  ];

  protected readonly dataUntil = computed(() => {
    const until = this.api.about()?.data_until;
    if (!until) return null;
    const zone = this.site.zone();
    return { text: instant(until, this.locale, zone), zone };
  });

  protected readonly asOf = computed(() => {
    const asOf = this.api.about()?.as_of;
    return asOf ? instant(asOf, this.locale, this.site.zone(), 'seconds') : null;
  });

  protected chooseLanguage(language: string): void {
    if (isLanguage(language) && language !== this.language) switchLanguage(language);
  }

  protected chooseTheme(choice: string): void {
    this.theme.choose(choice as ThemeChoice);
  }
}
