/// A number of each atom, under the name that its file gives it.
public struct AtomColumn: Sendable, Hashable {
  public let name: String
  /// One per atom.
  public let values: [Double]

  public init(name: String, values: [Double]) {
    self.name = name
    self.values = values
  }
}
