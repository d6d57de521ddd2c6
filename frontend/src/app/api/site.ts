import { Injectable, computed, inject } from '@angular/core';
import { Api } from './api';
import { FilterState } from '../filters/filter-state';

/** What there is at the site: plants, lines, work centers, and the zones their clocks show. */
@Injectable({ providedIn: 'root' })
export class Site {
  private readonly api = inject(Api);
  private readonly filterState = inject(FilterState);
  private readonly resource = this.api.resource('meta', () => ({}), { filtered: false });

  readonly meta = this.resource.value;
  readonly problem = this.resource.problem;

  /** The plants that the filters leave. */
  readonly plants = computed(() => {
    const chosen = this.filterState.filters().plant;
    const plants = this.meta()?.plants ?? [];
    return chosen.length > 0 ? plants.filter(({ plant }) => chosen.includes(plant)) : plants;
  });

  /** Zone of all that is shown; of several it is UTC, which then has to be named. */
  readonly zone = computed(() => {
    const zones = new Set(this.plants().map((plant) => plant.time_zone));
    const [only] = zones;
    return this.api.about()?.time_zone ?? (zones.size === 1 && only ? only : 'UTC');
  });

  private readonly zones = computed(
    () => new Map(this.meta()?.plants.map(({ plant, time_zone }) => [plant, time_zone])),
  );

  reload(): void {
    this.resource.reload();
  }

  zoneOf(plant: string | null | undefined): string {
    return (plant && this.zones().get(plant)) || this.zone();
  }
}
