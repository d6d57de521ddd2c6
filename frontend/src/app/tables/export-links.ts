import { Component, computed, inject, input } from '@angular/core';
import { Api } from '../api/api';
import type { View } from '../api/model';
import type { QueryParams } from '../filters/codec';
import { Icon } from '../ui/icon';

/** Downloads of exactly what a view answers, for tables that are shown in another shape. */
@Component({
  selector: 'te-export-links',
  imports: [Icon],
  template: `
    <a [href]="csv()" download><te-icon name="download" /><span i18n="@@table.csv">CSV</span></a>
    <a [href]="xlsx()" download>
      <te-icon name="download" /><span i18n="@@table.excel">Excel</span>
    </a>
  `,
  styles: `
    :host {
      display: inline-flex;
      gap: 0.5rem;
    }
    a {
      display: inline-flex;
      align-items: center;
      gap: 0.375rem;
      height: 2.25rem;
      padding: 0 0.75rem;
      border: 1px solid var(--te-line);
      border-radius: 0.5rem;
      color: inherit;
      text-decoration: none;
    }
    a:hover {
      border-color: var(--mat-sys-primary);
    }
    te-icon {
      width: 1.125rem;
      height: 1.125rem;
    }
  `,
})
export class ExportLinks {
  readonly view = input.required<View>();
  /** What the view is asked beside the filters. */
  readonly params = input<Readonly<Record<string, string | number>>>({});

  private readonly api = inject(Api);
  private readonly asked = computed<QueryParams>(() =>
    Object.fromEntries(Object.entries(this.params()).map(([name, value]) => [name, String(value)])),
  );
  protected readonly csv = computed(() =>
    this.api.exportAddress('csv', this.view(), this.asked()),
  );
  protected readonly xlsx = computed(() =>
    this.api.exportAddress('xlsx', this.view(), this.asked()),
  );
}
