// Plain JSON values: what traces hold and tools answer.

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
