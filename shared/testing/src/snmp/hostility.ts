/** What a bad agent does, each a switch of its own; several may be on at once. Plain data, so that it can be sent to another process. */
export interface Hostility {
  /** Answers nothing. */
  readonly silent?: boolean;
  /** Answers so much later, ms. */
  readonly delayMs?: number;
  /** Does not answer every so-manieth request (3: the third, the sixth, …). */
  readonly loseEvery?: number;
  /** Holds so many answers back and then sends them, the last first; what is held for a second is sent anyway. */
  readonly reverse?: number;
  /** Sends every answer two times. */
  readonly twice?: boolean;
  /** Answers with a request id nobody sent. */
  readonly wrongRequestId?: boolean;
  /** Cuts every datagram off after so many bytes. */
  readonly truncate?: number;
  /** Sends bytes that are no BER instead of the answer. */
  readonly garbage?: boolean;
  /** Names another community in its answer than it was asked with. */
  readonly wrongCommunity?: boolean;
  /** Under this column there is always one row more. */
  readonly endless?: string;
  /** After the third row of this column comes the first again. */
  readonly loop?: string;
  /** `tooBig` for a request that would need more varbinds than this. */
  readonly tooBigAbove?: number;
  /** No answer at all to GETBULK of more repetitions than this: a device that times out on large requests. */
  readonly silentAboveRepetitions?: number;
  /** `genErr` when this identifier, or something under it, would be answered. */
  readonly genErr?: string;
  /** What lies under this identifier is answered with `noSuchObject`. */
  readonly noSuchObject?: string;
  /** Text where counters and times should be. */
  readonly wrongTypes?: boolean;
  /** Answers from another port than it was asked at. */
  readonly otherPort?: boolean;
  /** Largest answer, bytes: GETBULK ends early as RFC 3416 has it, everything else is `tooBig`. */
  readonly maxBytes?: number;
}

/** True when the content of answers is not what a good agent would say (as against how and when it is sent). */
export function bendsContent(hostile: Hostility): boolean {
  const { endless, loop, genErr, noSuchObject, wrongTypes } = hostile;
  return [endless, loop, genErr, noSuchObject, wrongTypes].some((each) => each !== undefined && each !== false);
}
