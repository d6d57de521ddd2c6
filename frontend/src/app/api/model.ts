import type { components } from './answers';
import type { Views } from './views';

type Schemas = components['schemas'];

export type { Views };
export type View = keyof Views;
export type Answer<V extends View> = Views[V]['answer'];
export type Query<V extends View> = Views[V]['query'];

export type About = Schemas['About'];
export type AvailabilityRow = Schemas['AvailabilityRow'];
export type Card = Schemas['Card'];
export type Column = Schemas['Column'];
export type ColumnKind = Column['kind'];
export type Coverage = AvailabilityRow['coverage'];
export type Meta = Schemas['Meta'];
export type Note = Schemas['Note'];
export type NoteCode = Note['code'];
export type ReasonRow = Schemas['ReasonRow'];
export type ScrapRow = Schemas['ScrapRow'];

export type Period = NonNullable<About['period']>;
export type Grain = About['grain'];
export type Basis = About['basis'];
export type ReasonClass = NonNullable<ReasonRow['reason_class']>;
