import Analysis
import Atomistics

/// Formal oxidation states of P by layer and time, counted from bonds.
struct PhosphorusStates {
  private var found: (count: FormalOxidationState, map: LayerChargeMap)?
  private var frames = 0

  mutating func consume(_ frame: Frame) throws {
    if frames == 0, let phosphorus = Element("P"), frame.structure.species.contains(phosphorus) {
      let count = try FormalOxidationState(of: phosphorus, in: frame.structure)
      found = (count, try LayerChargeMap(phosphorus, kind: count.kind))
    }
    frames += 1
    guard let states = found?.count.states(in: frame.structure) else { return }
    try found?.map.consume(frame, charges: states)
  }

  /// Nil where there is no P.
  func result() throws -> LayerCharges? { try found?.map.result() }
}
