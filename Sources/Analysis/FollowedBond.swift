/// One centre-ligand pair and the two states it can be in.
struct FollowedBond: Sendable {
  /// A change of state and the frame that it is dated to.
  enum Change {
    case gone(frame: Int)
    case made(frame: Int)
  }

  let center: Int
  let ligand: Int
  /// Whether the first frame has it.
  let isReference: Bool
  private(set) var isIntact = true
  /// The first of the latest frames that are all beyond the outer cut-off, while intact.
  private(set) var beyondSince: Int?

  init(center: Int, ligand: Int, isReference: Bool) {
    self.center = center
    self.ligand = ligand
    self.isReference = isReference
  }

  /// Takes the distance (Å) in a frame; returns the change that is certain now.
  mutating func update(
    distance: Double, frame: Int, inner: Double, outer: Double, isLongEnough: (Int) -> Bool
  ) -> Change? {
    guard isIntact else {
      guard distance < inner else { return nil }
      isIntact = true
      return .made(frame: frame)
    }
    guard distance > outer else {
      beyondSince = nil
      return nil
    }
    let since = beyondSince ?? frame
    beyondSince = since
    guard isLongEnough(since) else { return nil }
    isIntact = false
    beyondSince = nil
    return .gone(frame: since)
  }
}
