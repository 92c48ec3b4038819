import Atomistics

/// How thick a slab is to be: `15 Å`, or `3 layers`.
///
/// A layer is one repeat of the crystal along the normal of the face: one spacing of its lattice
/// planes, with the composition of the whole crystal. A height is rounded up to whole layers.
public enum RequestedThickness: Sendable, Hashable, Codable, CustomStringConvertible {
  /// In Å.
  case height(Double)
  case layers(Int)

  /// Reads what a person typed.
  ///
  /// - Throws: `AtomisticsError.badQuantity`.
  public init(_ text: String) throws {
    let words = text.split(whereSeparator: \.isWhitespace)
    if words.count == 2, words[1] == "layers" || words[1] == "layer" {
      guard let count = Int(words[0]), count >= 1 else {
        throw AtomisticsError.badQuantity(text, expected: "at least one layer, e.g. \"3 layers\"")
      }
      self = .layers(count)
      return
    }
    guard let height = try? Quantity.length(text), height > 0 else {
      throw AtomisticsError.badQuantity(
        text, expected: "a thickness above zero in Å or layers, e.g. \"15 Å\" or \"3 layers\"")
    }
    self = .height(height)
  }

  public var description: String {
    switch self {
    case .height(let height): "\(height) Å"
    case .layers(let count): "\(count) layers"
    }
  }

  /// How many repeats of planes that are `spacing` (Å) apart.
  func layers(spacing: Double) -> Int {
    switch self {
    case .height(let height): max(1, Int((height / spacing - 1e-9).rounded(.up)))
    case .layers(let count): count
    }
  }

  func validate(_ what: String) throws {
    let isSensible =
      switch self {
      case .height(let height): height > 0 && height <= 10_000
      case .layers(let count): count >= 1 && count <= 100_000
      }
    guard isSensible else {
      throw InterfacesError.badSetting(
        "the thickness of the \(what) is \(self); expected more than zero, e.g. \"15 Å\" or "
          + "\"3 layers\"")
    }
  }
}
