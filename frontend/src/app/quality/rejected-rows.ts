import { Component, computed, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { Api } from '../api/api';
import { ViewState } from '../feedback/view-state';
import { FilterState } from '../filters/filter-state';
import { withFirst } from '../tables/cell';
import { DataTable } from '../tables/data-table';
import { Icon } from '../ui/icon';

/** Rows that were not accepted, each with its faulty cell, to be mended and delivered again. */
@Component({
  selector: 'te-rejected-rows',
  imports: [DataTable, Icon, RouterLink, ViewState],
  templateUrl: './rejected-rows.html',
  styleUrl: './rejected-rows.scss',
})
export class RejectedRows {
  protected readonly state = inject(FilterState);
  protected readonly rule = computed(() => this.state.param('rule'));
  protected readonly file = computed(() => {
    const file = this.state.param('file');
    return file && /^[0-9a-f]{64}$/.test(file) ? file : null;
  });
  protected readonly onlyOpen = computed(() => this.state.param('open') !== '0');

  /** What the rows are narrowed to, under the names of the API. */
  protected readonly narrowing = computed(() => ({
    ...(this.rule() ? { rule: this.rule() ?? '' } : {}),
    ...(this.file() ? { file: this.file() ?? '' } : {}),
    is_open: this.onlyOpen(),
  }));
  protected readonly exportParams = computed(() => ({
    ...this.narrowing(),
    is_open: String(this.onlyOpen()),
  }));
  protected readonly view = inject(Api).resource('rejected-rows', () => ({
    ...this.narrowing(),
    ...this.state.paging(),
  }));
  /** What is wrong and where before all else. */
  protected readonly columns = computed(() =>
    withFirst(this.view.value()?.columns ?? [], ['cell', 'message', 'value', 'file_name']),
  );
  protected readonly fileName = computed(
    () =>
      this.view.value()?.rows.find((row) => row.file_sha256 === this.file())?.file_name ??
      this.file()?.slice(0, 12),
  );
  protected readonly caption = $localize`:@@rejected.heading:Rejected rows`;

  protected drop(name: 'rule' | 'file'): void {
    this.state.setParams({ [name]: null, offset: null });
  }

  protected showOpen(onlyOpen: boolean): void {
    this.state.setParams({ open: onlyOpen ? null : '0', offset: null });
  }
}
