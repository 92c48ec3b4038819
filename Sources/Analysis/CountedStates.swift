import Atomistics

/// Formal oxidation states of an element by layer and time, counted from bonds
/// (`FormalOxidationState`, `LayerChargeMap`).
///
/// Where the first frame lacks the element, or the octet rule does not hold for it, there is nothing to
/// count and no result.
public struct CountedStates: Sendable {
  private let element: Element
  private var found: (count: FormalOxidationState, map: LayerChargeMap)?
  private var hasBegun = false

  public init(of element: Element) { self.element = element }

  /// - Throws: as `LayerChargeMap`.
  public mutating func consume(_ frame: Frame) throws {
    if !hasBegun, frame.structure.species.contains(element),
      let count = try? FormalOxidationState(of: element, in: frame.structure)
    {
      found = (count, try LayerChargeMap(element, kind: count.kind))
    }
    hasBegun = true
    guard let states = found?.count.states(in: frame.structure) else { return }
    try found?.map.consume(frame, charges: states)
  }

  /// - Throws: as `LayerChargeMap`.
  public func result() throws -> LayerCharges? { try found?.map.result() }
}
