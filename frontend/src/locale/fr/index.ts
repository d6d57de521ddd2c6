import data from '@angular/common/locales/fr';
import type { LanguagePack } from '../load';
import availability from './availability.json';
import charts from './charts.json';
import definitions from './definitions.json';
import downtime from './downtime.json';
import feedback from './feedback.json';
import filters from './filters.json';
import heatmap from './heatmap.json';
import machine from './machine.json';
import overview from './overview.json';
import quality from './quality.json';
import rows from './rows.json';
import scrap from './scrap.json';
import shell from './shell.json';
import tables from './tables.json';
import timeline from './timeline.json';

export const pack: LanguagePack = {
  texts: {
    ...availability,
    ...charts,
    ...definitions,
    ...downtime,
    ...feedback,
    ...filters,
    ...heatmap,
    ...machine,
    ...overview,
    ...quality,
    ...rows,
    ...scrap,
    ...shell,
    ...tables,
    ...timeline,
  },
  data,
};
