import type { Routes } from '@angular/router';
import { VIEWS } from './views';

export const routes: Routes = [
  { path: '', pathMatch: 'full', redirectTo: VIEWS[0]?.path ?? 'definitions' },
  ...VIEWS.map(({ path, title, load, isFiltered = true, fixed = [] }) => ({
    path,
    title,
    loadComponent: load,
    data: { isFiltered, fixed },
  })),
  {
    path: '**',
    title: () => $localize`:@@nav.notFound:Page not found`,
    loadComponent: () => import('./not-found/not-found').then((module) => module.NotFound),
  },
];
