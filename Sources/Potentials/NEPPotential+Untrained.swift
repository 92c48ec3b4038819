import Atomistics

extension NEPPotential {
  /// A potential that nobody trained: its descriptors tell environments apart before there is a model.
  ///
  /// The expansion coefficients c_nk^{ij} are normal numbers from a fixed seed, so that species are told
  /// apart and every run sees the same; scale factors are 1 and energies 0.
  public static func untrained(species: [Element]) throws -> NEPPotential {
    precondition(!species.isEmpty, "at least one species")
    let head =
      [
        "nep4 \(species.count) \(species.map(\.symbol).joined(separator: " "))", "cutoff 6 5",
        "n_max 6 4", "basis_size 8 8", "l_max 4 2 0", "ANN 1 0",
      ].joined(separator: "\n") + "\n"
    let path = "the untrained potential"
    var random = RandomGenerator(seed: 1, stage: "untrained potential")
    var reader = NEPHeaderReader(path: path, scanner: ByteScanner(Array(head.utf8)))
    let header = try reader.read()
    let coefficients = species.count * species.count * header.coefficientsPerPair
    let numbers =
      [Double](repeating: 0, count: header.networkParameters)
      + (0..<coefficients).map { _ in random.gaussian() }
      + [Double](repeating: 1, count: header.descriptorCount)
    let text = head + numbers.map { "\($0)\n" }.joined()
    return NEPPotential(try NEPFile(bytes: Array(text.utf8), path: path))
  }
}
