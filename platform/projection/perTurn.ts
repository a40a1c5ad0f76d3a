/**
 * One `make()` for all that ask in the same turn of the event loop, so that they share a loader, and with it its queries; who asks
 * later gets one that has read nothing yet.
 */
export function perTurn<Made>(make: () => Made): () => Made {
  let made: Made | null = null;
  return () => {
    if (made !== null) return made;
    setImmediate(() => {
      made = null;
    });
    made = make();
    return made;
  };
}
