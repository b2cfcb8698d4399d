/** Where time comes from. Core never asks the platform: with a fixed clock the same calls give the same bytes. */
export interface Clock {
  now(): Date
}
