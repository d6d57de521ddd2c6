import { httpResource } from '@angular/common/http';
import {
  Injectable,
  Injector,
  Signal,
  computed,
  effect,
  inject,
  linkedSignal,
  signal,
  untracked,
} from '@angular/core';
import { LANGUAGE } from '../../locale/language';
import { QueryParams, toSearch } from '../filters/codec';
import { FilterState } from '../filters/filter-state';
import { Events } from './events';
import type { About, Answer, Query, View } from './model';
import { Problem, asProblem, backOff, passesByItself } from './problem';

/** An answer of the API that follows the filters and the marts. */
export interface ViewResource<T> {
  /** The newest answer. While the next one is loaded it stays, and while the same one fails. */
  readonly value: Signal<T | undefined>;
  /** Nothing to show yet. */
  readonly loading: Signal<boolean>;
  /** `value` is of earlier filters, the answer to the present ones is on its way. */
  readonly outdated: Signal<boolean>;
  readonly problem: Signal<Problem | undefined>;
  reload(): void;
}

export interface ResourceOptions {
  /** Whether the filters of the address are asked with; true unless told. */
  filtered?: boolean;
  injector?: Injector;
}

interface ProblemSource {
  error: Error | undefined;
  isLoading: boolean;
  address: string | undefined;
}

/** What a view can be asked beside the filters of the address. */
export type Params<V extends View> = Omit<Query<V>, 'from' | 'to'> & { from?: string; to?: string };

@Injectable({ providedIn: 'root' })
export class Api {
  private readonly filterState = inject(FilterState);
  private readonly events = inject(Events);
  private readonly language = inject(LANGUAGE);
  private readonly newestAbout = signal<About | undefined>(undefined);

  /** What the newest answer to any view is about. */
  readonly about = this.newestAbout.asReadonly();

  /**
   * A view of the API, asked with the filters of the address and with `params`, which win.
   * `params` may read signals; while it returns undefined nothing is asked.
   * To be called where injection is possible: as a field of a component, or with an injector.
   */
  resource<V extends View>(
    view: V,
    params: () => Params<V> | undefined = () => ({}) as Params<V>,
    options: ResourceOptions = {},
  ): ViewResource<Answer<V>> {
    const injector = options.injector ?? inject(Injector);
    const address = computed(() => {
      const own = params();
      if (own === undefined) return undefined;
      const filters = options.filtered === false ? {} : this.filterState.apiParams();
      return `api/v1/${view}${search({ ...filters, ...own })}`;
    });
    return this.follow<Answer<V>>(address, injector);
  }

  /** Address of an export of exactly what a view shows; relative, as all of them. */
  exportAddress(format: 'csv' | 'xlsx', view: View, params: QueryParams = {}): string {
    const asked = { ...this.filterState.apiParams(), ...params };
    return `api/v1/export.${format}${search({ view, ...asked, language: this.language })}`;
  }

  private follow<T>(address: Signal<string | undefined>, injector: Injector): ViewResource<T> {
    const resource = httpResource<T>(
      () => {
        const url = address();
        return url === undefined
          ? undefined
          : { url, headers: { 'Accept-Language': this.language } };
      },
      { injector },
    );
    const state = computed(() => ({
      address: address(),
      value: resource.hasValue() ? resource.value() : undefined,
      failed: resource.error() !== undefined,
    }));
    interface Shown {
      value: T | undefined;
      address: string | undefined;
    }
    const shown = linkedSignal<ReturnType<typeof state>, Shown>({
      source: state,
      computation: (now, previous) => {
        if (now.value !== undefined) return { value: now.value, address: now.address };
        const last = previous?.value ?? { value: undefined, address: undefined };
        // Figures of other filters must not stand under these ones once it is sure that they stay.
        return now.failed && last.address !== now.address
          ? { value: undefined, address: undefined }
          : last;
      },
    });
    // While it is tried again the problem stays on show.
    const problem = linkedSignal<ProblemSource, Problem | undefined>({
      source: () => ({
        error: resource.error(),
        isLoading: resource.isLoading(),
        address: address(),
      }),
      computation: (now, previous) => {
        // One failure is one problem, however often its source is looked at: it counts as a try.
        if (now.error !== undefined) {
          return now.error === previous?.source.error ? previous.value : asProblem(now.error);
        }
        const isSame = now.isLoading && previous?.source.address === now.address;
        return isSame ? previous?.value : undefined;
      },
    });

    effect(
      () => {
        const about = aboutOf(shown().value);
        if (about) this.newestAbout.set(about);
      },
      { injector },
    );
    this.reloadWhenRefreshed(resource, injector);
    this.retry(problem, resource, address, injector);
    return {
      value: computed(() => shown().value),
      loading: computed(() => resource.isLoading() && shown().value === undefined),
      outdated: computed(() => shown().value !== undefined && shown().address !== address()),
      problem,
      reload: () => resource.reload(),
    };
  }

  private reloadWhenRefreshed(
    resource: { reload(): boolean; hasValue(): boolean; value(): unknown },
    injector: Injector,
  ): void {
    let seen = untracked(this.events.refreshed);
    effect(
      () => {
        const count = this.events.refreshed();
        if (count === seen) return;
        seen = count;
        untracked(() => {
          const version = resource.hasValue() ? versionOf(resource.value()) : undefined;
          if (version === undefined || !this.events.isNewest(version)) resource.reload();
        });
      },
      { injector },
    );
  }

  private retry(
    problem: Signal<Problem | undefined>,
    resource: { reload(): boolean; hasValue(): boolean },
    address: Signal<string | undefined>,
    injector: Injector,
  ): void {
    let attempt = 0;
    let tried: string | undefined;
    effect(
      (onCleanup) => {
        const now = problem();
        const url = address();
        if (url !== tried || resource.hasValue()) attempt = 0;
        tried = url;
        if (!now || !passesByItself(now)) return;
        const wait = backOff(++attempt, now.retryAfter) * 1000;
        const timer = setTimeout(() => resource.reload(), wait);
        onCleanup(() => clearTimeout(timer));
      },
      { injector },
    );
  }
}

function search(query: object): string {
  const text = toSearch(
    Object.fromEntries(
      Object.entries(query as Record<string, unknown>).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.map(String) : value == null ? null : String(value),
      ]),
    ),
  );
  return text ? `?${text}` : '';
}

function versionOf(answer: unknown): string | undefined {
  const about = aboutOf(answer);
  if (about) return about.version;
  const hasOwn = typeof answer === 'object' && answer !== null && 'version' in answer;
  return hasOwn ? String(answer.version) : undefined;
}

function aboutOf(answer: unknown): About | undefined {
  return typeof answer === 'object' && answer !== null && 'about' in answer
    ? (answer.about as About)
    : undefined;
}
