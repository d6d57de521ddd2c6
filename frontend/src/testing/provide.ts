import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { Component, EnvironmentProviders, Provider } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Router, Routes, provideRouter } from '@angular/router';
import { EVENT_SOURCE } from '../app/api/events';
import { LANGUAGE, Language } from '../locale/language';
import { FakeEventSource } from './fake-event-source';
import { META } from './fixtures';

@Component({ selector: 'te-nowhere', template: '' })
class Nowhere {}

/** What all of the page needs: router, HTTP and events, none of them real. */
export function providePage(
  language: Language = 'en',
  routes: Routes = [{ path: '**', component: Nowhere }],
): (Provider | EnvironmentProviders)[] {
  FakeEventSource.opened.length = 0;
  return [
    provideHttpClient(),
    provideHttpClientTesting(),
    provideRouter(routes),
    { provide: LANGUAGE, useValue: language },
    { provide: EVENT_SOURCE, useValue: (url: string) => new FakeEventSource(url) },
  ];
}

/** Goes to an address and lets all follow. */
export async function goTo(url: string): Promise<void> {
  await TestBed.inject(Router).navigateByUrl(url);
  TestBed.tick();
}

/** Answers a request that is open; `match` is a part of its address. */
export async function answer(match: string, body: object): Promise<void> {
  const [request] = TestBed.inject(HttpTestingController).match((each) =>
    each.urlWithParams.includes(match),
  );
  if (!request) throw new Error(`nobody asks for ${match}`);
  request.flush(body);
  await settle();
}

/** Resources resolve in microtasks. */
export async function settle(): Promise<void> {
  for (let round = 0; round < 5; round++) {
    await Promise.resolve();
    TestBed.tick();
  }
}

export async function answerMeta(): Promise<void> {
  await answer('api/v1/meta', META);
}
