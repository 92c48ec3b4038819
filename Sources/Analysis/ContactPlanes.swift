import Atomistics

/// The planes at which electrolyte and metal meet, from the first frame, and how deep in the
/// electrolyte a height lies.
///
/// The atoms of each side fill one stretch along c. Where the stretches come nearer to one another
/// than `AtomicDistributionWidth.narrowestGap`, half way between the outermost atoms of both is a
/// contact: one in a slab with vacuum, two in a periodic stack.
struct ContactPlanes: Sendable {
  /// Fractional, with electrolyte above it.
  let lower: Double?
  /// Fractional, with electrolyte below it; above `lower` by less than a cell.
  let upper: Double?
  /// Where an atom of the first frame counts from, so that the slab is in one piece.
  private let cut: Double?

  /// - Throws: `AnalysisError.noLabels`, `.nothingSelected`, `.noContact`.
  init(_ structure: Structure) throws {
    guard let regions = structure.regions else {
      throw AnalysisError.noLabels("which side of the contact each atom came from")
    }
    let axis = NormalAxis(structure)
    let s = structure.fractionalPositions.map(\.z)
    func stretch(_ region: Region) throws -> (low: Double, high: Double) {
      let values = zip(s, regions).filter { $0.1 == region }.map(\.0)
      guard !values.isEmpty else {
        throw AnalysisError.nothingSelected(
          what: "atom of the \(region.rawValue)", held: "the first frame has no contact")
      }
      let cut = axis.isPeriodic ? NormalAxis.widestGap(values).cut : nil
      let folded = values.map { value in cut.map { NormalAxis.fold(value, above: $0) } ?? value }
      return (folded.min() ?? 0, folded.max() ?? 0)
    }
    let electrolyte = try stretch(.electrolyte)
    var metal = try stretch(.metal)
    var below = metal
    if axis.isPeriodic {
      // The image of the metal whose middle comes next above the electrolyte's.
      let middle = (electrolyte.low + electrolyte.high) / 2
      let shift =
        NormalAxis.fold((metal.low + metal.high) / 2, above: middle) - (metal.low + metal.high) / 2
      metal = (metal.low + shift, metal.high + shift)
      below = (metal.low - 1, metal.high - 1)
    }
    let widest = AtomicDistributionWidth.narrowestGap / axis.height
    let isAbove = axis.isPeriodic || metal.low + metal.high > electrolyte.low + electrolyte.high
    let isBelow = axis.isPeriodic || !isAbove
    upper =
      isAbove && metal.low - electrolyte.high < widest ? (electrolyte.high + metal.low) / 2 : nil
    lower =
      isBelow && electrolyte.low - below.high < widest ? (electrolyte.low + below.high) / 2 : nil
    guard upper != nil || lower != nil else {
      throw AnalysisError.noContact(
        "electrolyte and metal are nowhere within \(AtomicDistributionWidth.narrowestGap) Å along c "
          + "in the first frame, so there is no contact plane to count from")
    }
    if axis.isPeriodic, upper == nil || lower == nil {
      cut =
        upper == nil ? (electrolyte.high + metal.low) / 2 - 1 : (electrolyte.low + below.high) / 2
    } else {
      cut = nil
    }
  }

  var count: Int { (upper == nil ? 0 : 1) + (lower == nil ? 0 : 1) }

  /// Whole cells that bring an atom of the first frame into the slab in one piece.
  func shift(_ s: Double) -> Double {
    cut.map { (NormalAxis.fold(s, above: $0) - s).rounded() } ?? 0
  }

  /// How deep in the electrolyte a fractional coordinate lies, in cells; below 0 in the metal.
  /// Between two contacts the nearer one counts.
  func depth(_ s: Double) -> Double {
    switch (lower, upper) {
    case (let lower?, let upper?):
      let place = NormalAxis.fold(s, above: lower)
      return place <= upper
        ? min(place - lower, upper - place) : -min(place - upper, lower + 1 - place)
    case (let lower?, nil): return s - lower
    case (nil, let upper?): return upper - s
    case (nil, nil): return 0
    }
  }

  /// Depths between two contacts end half way between them, in cells; nil where they do not end.
  var range: ClosedRange<Double>? {
    guard let lower, let upper else { return nil }
    return -(lower + 1 - upper) / 2...(upper - lower) / 2
  }
}
