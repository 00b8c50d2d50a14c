/** SQL: the English name in the body of an object, which is one of its attributes; null where it has none. */
export const ENGLISH_NAME = "body -> 'attributes' ->> 'nameEn'";
