import { Component, computed, inject, input, signal } from '@angular/core';
import { LANGUAGE, LOCALES } from '../../locale/language';
import { Api } from '../api/api';
import type { Basis, Grain } from '../api/model';
import { Site } from '../api/site';
import { dayRange, instant } from '../format/format';
import { ProblemNotice } from '../feedback/problem-notice';
import { Icon } from '../ui/icon';
import { SingleSelect } from '../ui/single-select';
import { AsOfSelect } from './as-of-select';
import { BASES, Filters, GRAINS, LIST_FILTERS, ListFilter, ignoredFilters } from './codec';
import { FilterState } from './filter-state';
import { basisText, filterName, grainText, periodText } from './filter-text';
import { Choice, MultiSelect } from './multi-select';
import { optionsOf } from './options';
import { PeriodSelect } from './period-select';

interface Chip {
  readonly text: string;
  readonly clears: Partial<Filters>;
}

/** All filters; what is set is told below, each with the way out. */
@Component({
  selector: 'te-filter-bar',
  imports: [AsOfSelect, Icon, MultiSelect, PeriodSelect, ProblemNotice, SingleSelect],
  templateUrl: './filter-bar.html',
  styleUrl: './filter-bar.scss',
})
export class FilterBar {
  /** Filters that the page decides itself: they are not offered. */
  readonly fixed = input<readonly ListFilter[]>([]);

  private readonly state = inject(FilterState);
  private readonly locale = LOCALES[inject(LANGUAGE)];
  protected readonly site = inject(Site);
  protected readonly about = inject(Api).about;
  protected readonly filters = this.state.filters;
  protected readonly isUnfolded = signal(false);

  protected readonly grains = GRAINS.map((value) => ({ value, label: grainText(value) }));
  protected readonly bases = BASES.map((value) => ({ value, label: basisText(value) }));
  protected readonly names = {
    grain: filterName('grain'),
    basis: filterName('basis'),
  };

  protected readonly lists = computed(() => {
    const meta = this.site.meta();
    return LIST_FILTERS.filter((name) => !this.fixed().includes(name)).map((name) => ({
      name,
      label: filterName(name),
      options: meta ? optionsOf(name, meta, this.filters()) : [],
      values: this.filters()[name],
    }));
  });

  /** Names of what the address says and nobody understands; empty: all is understood. */
  protected readonly ignored = computed(() =>
    ignoredFilters(this.state.params()).map(filterName).join(', '),
  );

  protected readonly chips = computed<Chip[]>(() => {
    const filters = this.filters();
    const chips: Chip[] = [];
    if (filters.from && filters.to) {
      const text = dayRange(filters.from, filters.to, this.locale);
      chips.push({ text, clears: { from: null, to: null } });
    } else if (filters.period) {
      chips.push({ text: periodText(filters.period), clears: { period: null } });
    }
    if (filters.grain) chips.push({ text: grainText(filters.grain), clears: { grain: null } });
    for (const { name, label, options, values } of this.lists()) {
      if (values.length === 0) continue;
      const labels = values.map((value) => options.find((o) => o.value === value)?.label ?? value);
      const more = labels.length > 2 ? ` +${labels.length - 2}` : '';
      chips.push({
        text: `${label}: ${labels.slice(0, 2).join(', ')}${more}`,
        clears: { [name]: [] },
      });
    }
    if (filters.basis) {
      const text = `${filterName('basis')}: ${basisText(filters.basis)}`;
      chips.push({ text, clears: { basis: null } });
    }
    if (filters.as_of) {
      const when = instant(filters.as_of, this.locale, this.site.zone());
      chips.push({ text: `${filterName('as_of')}: ${when}`, clears: { as_of: null } });
    }
    return chips;
  });

  protected update(change: Partial<Filters>, again = false): void {
    this.state.update(change, again);
  }

  protected setList(name: ListFilter, { values, again }: Choice): void {
    this.update({ [name]: values }, again);
  }

  protected setGrain(grain: string): void {
    this.update({ grain: grain as Grain });
  }

  protected setBasis(basis: string): void {
    this.update({ basis: basis as Basis });
  }

  protected clear(): void {
    this.state.clear();
  }
}
