import { DestroyRef, Injectable, InjectionToken, Signal, inject, signal } from '@angular/core';
import { backOff } from './problem';

export const EVENT_SOURCE = new InjectionToken<(url: string) => EventSource>('event source', {
  factory: () => (url) => new EventSource(url),
});

/** Long enough that the marts of one run count as one change. */
const GATHER_MS = 400;

/** Tells when marts were refreshed. Reconnects by itself, and then counts as refreshed once. */
@Injectable({ providedIn: 'root' })
export class Events {
  private readonly open = inject(EVENT_SOURCE);
  private readonly refreshCount = signal(0);
  private readonly isLost = signal(false);
  /** Of the marts, as events have told; empty until one has. */
  private newest = '';
  private source: EventSource | null = null;
  private attempt = 0;
  private gathering: ReturnType<typeof setTimeout> | undefined;
  private reconnecting: ReturnType<typeof setTimeout> | undefined;

  /** Grows whenever figures may have changed. */
  readonly refreshed: Signal<number> = this.refreshCount.asReadonly();
  readonly lost: Signal<boolean> = this.isLost.asReadonly();

  constructor() {
    inject(DestroyRef).onDestroy(() => {
      clearTimeout(this.gathering);
      clearTimeout(this.reconnecting);
      this.source?.close();
    });
  }

  connect(): void {
    if (this.source) return;
    const source = this.open('api/v1/events');
    this.source = source;
    source.addEventListener('mart', ({ lastEventId }) => {
      this.newest = lastEventId;
      this.isLost.set(false);
      this.refresh();
    });
    // The server is there, but can read nothing itself: what is shown may be old.
    source.addEventListener('away', () => this.isLost.set(true));
    source.onopen = () => {
      this.attempt = 0;
      if (!this.isLost()) return;
      this.isLost.set(false);
      this.refresh(); // what happened meanwhile was not heard
    };
    source.onerror = () => {
      this.isLost.set(true);
      // While connecting the browser tries again by itself; closed means that it has given up.
      if (source.readyState === source.CLOSED) this.reconnectLater();
    };
  }

  /** Whether figures of this version are still the newest: on connecting the server tells what it has. */
  isNewest(version: string): boolean {
    return this.newest !== '' && this.newest === version;
  }

  private refresh(): void {
    clearTimeout(this.gathering);
    this.gathering = setTimeout(() => this.refreshCount.update((count) => count + 1), GATHER_MS);
  }

  private reconnectLater(): void {
    this.source?.close();
    this.source = null;
    clearTimeout(this.reconnecting);
    this.reconnecting = setTimeout(() => this.connect(), backOff(++this.attempt, null) * 1000);
  }
}
