import { Component, computed, input } from '@angular/core';
import type { About } from '../api/model';
import { Icon } from '../ui/icon';

/** What has to be known about figures, or why there are none: the notes of an answer. */
@Component({
  selector: 'te-notes',
  imports: [Icon],
  template: `
    @if (lines().length > 0) {
      <div role="status" [class.alone]="alone()">
        <ul>
          @for (line of lines(); track line) {
            <li><te-icon name="info" />{{ line }}</li>
          }
        </ul>
      </div>
    }
  `,
  styles: `
    ul {
      display: grid;
      gap: 0.25rem;
      margin: 0;
      padding: 0;
      list-style: none;
      color: var(--te-muted);
    }
    li {
      display: flex;
      align-items: center;
      gap: 0.5rem;
    }
    .alone {
      display: grid;
      align-content: center;
      justify-content: center;
      min-height: 8rem;
      padding: 1rem;
    }
  `,
})
export class Notes {
  readonly about = input<About>();
  /** In place of a chart or table, which has nothing to show. */
  readonly alone = input(false);

  protected readonly lines = computed(() => {
    const notes = this.about()?.notes.map((note) => note.text) ?? [];
    return notes.length === 0 && this.alone()
      ? [$localize`:@@notes.nothing:There is nothing to show for these filters.`]
      : notes;
  });
}
