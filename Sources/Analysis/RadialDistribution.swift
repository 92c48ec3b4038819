import Atomistics

/// g(r) with what it was normalised by; one value a bin.
public struct RadialDistribution: Sendable, Codable {
  /// Symbols of centre and partner; "any" for all elements.
  public let pair: [String]
  /// The middle of each bin.
  public let r_A: [Double]
  public let g: [Double]
  public let normalisation: String
  public let binWidth_A: Double
  /// Partners of a centre nearer than the upper edge of each bin, r + `binWidth_A`/2.
  public let coordination: [Double]
  /// Partners of a centre per Å of radius.
  public let radialDensity_per_A: [Double]
  public let frames: Int
  /// Atoms, and which of them.
  public let centers: Int
  public let partners: Int
  public let centerSelection: String
  public let partnerSelection: String
  /// Thickness of the slab that the partners fill; nil for a bulk.
  public let partnerThickness_A: Double?

  /// The highest g within a window of radii (Å), nil where the window holds no bin or no pair.
  public func peak(in window: ClosedRange<Double>) -> (r_A: Double, g: Double)? {
    zip(r_A, g).filter { window.contains($0.0) && $0.1 > 0 }.max { $0.1 < $1.1 }
      .map { (r_A: $0.0, g: $0.1) }
  }

  /// How many partners a centre has within a window of radii (Å), by bins whose middle is in it.
  public func partners(in window: ClosedRange<Double>) -> Double {
    zip(r_A, radialDensity_per_A).filter { window.contains($0.0) }
      .reduce(0) { $0 + $1.1 * binWidth_A }
  }
}

/// A range of radii in which the paper sees a phase.
///
/// A signal there proves nothing by itself where the bulk electrolyte has one, too. The paper does
/// not say which pair its Fig. 7 shows; the windows of chlorine are given for every partner of it.
///
/// Source: Fang and Jena, PRX Energy 2, 043013 (2023), text on Figs 2(c), 3(c), 4(c) and 7. Single
/// positions ("around 3.5 and 5.0 Å") are taken as ± 0.25 Å.
public struct PeakWindow: Sendable, Hashable {
  public let center: Element
  /// Nil for any element.
  public let partner: Element?
  public let range: ClosedRange<Double>
  /// The phase that the paper takes it for.
  public let phase: String

  public init(center: Element, partner: Element?, range: ClosedRange<Double>, phase: String) {
    self.center = center
    self.partner = partner
    self.range = range
    self.phase = phase
  }

  /// The windows that the paper names.
  public static let paper: [PeakWindow] = [
    PeakWindow(center: Element("B")!, partner: Element("H")!, range: 3...5, phase: "LiBH4"),
    PeakWindow(center: Element("C")!, partner: Element("N")!, range: 3.25...3.75, phase: "LiCN"),
    PeakWindow(center: Element("C")!, partner: Element("N")!, range: 4.75...5.25, phase: "LiCN"),
    PeakWindow(center: Element("B")!, partner: Element("F")!, range: 3.5...5, phase: "LiBF4"),
    PeakWindow(center: Element("Cl")!, partner: nil, range: 3.6...4.5, phase: "SCl"),
    PeakWindow(center: Element("Cl")!, partner: nil, range: 5.1...6.1, phase: "SCl"),
  ]
}
