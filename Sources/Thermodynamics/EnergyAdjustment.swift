import Atomistics

/// A part of an entry's energy that is not the functional's own: a correction.
public struct EnergyAdjustment: Hashable, Sendable, Codable {
  /// As its source names it, such as `MP2020 anion correction (S)`; for a sum the scheme's name.
  public let name: String
  /// The element that it is for; nil for a sum, or where its source does not tell.
  public let element: Element?
  /// eV per atom of the entry.
  public let energyPerAtom: Double

  public init(name: String, element: Element? = nil, energyPerAtom: Double) {
    self.name = name
    self.element = element
    self.energyPerAtom = energyPerAtom
  }
}
