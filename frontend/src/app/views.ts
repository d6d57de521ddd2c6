import type { Type } from '@angular/core';
import type { ListFilter } from './filters/codec';
import type { IconName } from './ui/icons';

/** A page of the dashboard. Its title is a function: texts are translated after modules are read. */
export interface ViewEntry {
  readonly path: string;
  readonly title: () => string;
  /** In the navigation if it has one. */
  readonly icon?: IconName;
  /** Whether the filters change what it shows; true unless told. */
  readonly isFiltered?: boolean;
  /** Filters that its path decides, so that nobody can choose them. */
  readonly fixed?: readonly ListFilter[];
  readonly load: () => Promise<Type<unknown>>;
}

/** All pages, in the order of the navigation; the first one is the start page. */
export const VIEWS: readonly ViewEntry[] = [
  {
    path: 'overview',
    title: () => $localize`:@@nav.overview:Overview`,
    icon: 'overview',
    load: () => import('./overview/overview').then((module) => module.Overview),
  },
  {
    path: 'availability',
    title: () => $localize`:@@nav.availability:Availability`,
    icon: 'availability',
    load: () => import('./availability/availability').then((module) => module.Availability),
  },
  {
    path: 'downtime',
    title: () => $localize`:@@nav.downtime:Downtime`,
    icon: 'downtime',
    load: () => import('./downtime/downtime').then((module) => module.Downtime),
  },
  {
    path: 'scrap',
    title: () => $localize`:@@nav.scrap:Scrap`,
    icon: 'scrap',
    load: () => import('./scrap/scrap').then((module) => module.Scrap),
  },
  {
    path: 'heatmap',
    title: () => $localize`:@@nav.heatmap:Heatmap`,
    icon: 'heatmap',
    load: () => import('./heatmap/heatmap').then((module) => module.Heatmap),
  },
  {
    path: 'timeline',
    title: () => $localize`:@@nav.timeline:Timeline`,
    icon: 'timeline',
    load: () => import('./timeline/timeline').then((module) => module.Timeline),
  },
  {
    path: 'machine/:plant/:work_center',
    title: () => $localize`:@@nav.machine:Machine`,
    fixed: ['plant', 'line', 'work_center'],
    load: () => import('./machine/machine').then((module) => module.Machine),
  },
  {
    path: 'orders',
    title: () => $localize`:@@nav.orders:Yield of orders`,
    icon: 'orders',
    load: () => import('./orders/orders').then((module) => module.Orders),
  },
  {
    path: 'stops',
    title: () => $localize`:@@nav.stops:Stops`,
    icon: 'stops',
    load: () => import('./stops/stops').then((module) => module.Stops),
  },
  {
    path: 'confirmations',
    title: () => $localize`:@@nav.confirmations:Confirmations`,
    icon: 'confirmations',
    load: () => import('./confirmations/confirmations').then((module) => module.Confirmations),
  },
  {
    path: 'quality',
    title: () => $localize`:@@nav.quality:Data quality`,
    icon: 'quality',
    load: () => import('./quality/quality').then((module) => module.Quality),
  },
  {
    path: 'rejected-rows',
    title: () => $localize`:@@nav.rejectedRows:Rejected rows`,
    load: () => import('./quality/rejected-rows').then((module) => module.RejectedRows),
  },
  {
    path: 'provenance',
    title: () => $localize`:@@nav.provenance:Provenance`,
    icon: 'provenance',
    load: () => import('./provenance/provenance').then((module) => module.Provenance),
  },
  {
    path: 'definitions',
    title: () => $localize`:@@nav.definitions:Definitions`,
    icon: 'definitions',
    isFiltered: false,
    load: () => import('./definitions/definitions').then((module) => module.Definitions),
  },
];
