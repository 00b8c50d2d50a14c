/** SQL: the English name in the body of an object, which is one of its attributes; null where it has none. */
export const ENGLISH_NAME = "body -> 'attributes' ->> 'nameEn'";

/** SQL: the same of whatever the inventory holds; only of objects it is an attribute. */
export const ENGLISH_NAME_OF_ANY = `coalesce(${ENGLISH_NAME}, body ->> 'nameEn')`;
