import { Component, ElementRef, inject, viewChild } from '@angular/core';
import { IsActiveMatchOptions, RouterLink, RouterLinkActive } from '@angular/router';
import { FilterState } from '../filters/filter-state';
import { Icon } from '../ui/icon';
import { VIEWS } from '../views';

/** On a phone's bar there is room for so many, and for the way to all others. */
const ON_BAR = 4;

/** A rail at the side; on a phone a bar at the bottom and a sheet with all pages. */
@Component({
  selector: 'te-navigation',
  imports: [RouterLink, RouterLinkActive, Icon],
  templateUrl: './navigation.html',
  styleUrl: './navigation.scss',
})
export class Navigation {
  private readonly sheet = viewChild.required<ElementRef<HTMLDialogElement>>('sheet');
  protected readonly travelling = inject(FilterState).travelling;
  protected readonly items = VIEWS.filter((view) => view.icon).map((view, index) => ({
    path: view.path,
    icon: view.icon ?? 'overview',
    title: view.title(),
    isOnBar: index < ON_BAR,
  }));
  /** A page is the same page with other filters. */
  protected readonly byPath: IsActiveMatchOptions = {
    paths: 'subset',
    queryParams: 'ignored',
    matrixParams: 'ignored',
    fragment: 'ignored',
  };
  protected readonly hasMore = this.items.length > ON_BAR;

  protected openSheet(): void {
    this.sheet().nativeElement.showModal();
  }

  protected closeSheet(): void {
    this.sheet().nativeElement.close();
  }

  /** The dialog itself is hit only beside its content. */
  protected closeIfBeside(event: Event): void {
    if (event.target === this.sheet().nativeElement) this.closeSheet();
  }
}
