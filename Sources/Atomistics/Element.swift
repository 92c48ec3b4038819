/// A chemical element, with the few facts of it that the program uses.
public struct Element: Hashable, Sendable, Comparable, Codable {
  /// The number of protons, from 1 (H) to 96 (Cm).
  public let atomicNumber: Int

  /// The element with the given number of protons, if the table holds it.
  public init?(atomicNumber: Int) {
    guard Self.table.indices.contains(atomicNumber - 1) else { return nil }
    self.atomicNumber = atomicNumber
  }

  /// The element with the given symbol ("Li"), if there is one.
  public init?(_ symbol: some StringProtocol) {
    guard let z = Self.numbers[String(symbol)] else { return nil }
    atomicNumber = z
  }

  public var symbol: String { Self.table[atomicNumber - 1].symbol }

  /// The standard atomic weight in u.
  public var mass: Double { Self.table[atomicNumber - 1].mass }

  /// The covalent radius in Å (Cordero et al., Dalton Trans. 2832 (2008), doi 10.1039/b801115j).
  public var covalentRadius: Double? { Self.table[atomicNumber - 1].covalent }

  /// The van der Waals radius in Å (Alvarez, Dalton Trans. 42, 8617 (2013), doi 10.1039/c3dt50599e).
  public var vanDerWaalsRadius: Double? { Self.table[atomicNumber - 1].vanDerWaals }

  public static func < (left: Element, right: Element) -> Bool {
    left.atomicNumber < right.atomicNumber
  }

  public init(from decoder: any Decoder) throws {
    let symbol = try decoder.singleValueContainer().decode(String.self)
    guard let element = Element(symbol) else {
      throw AtomisticsError.unknownElement(symbol, context: "")
    }
    self = element
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(symbol)
  }

  private struct Row {
    let symbol: String
    let mass: Double
    let covalent: Double?
    let vanDerWaals: Double?
    init(_ symbol: String, _ mass: Double, _ covalent: Double?, _ vanDerWaals: Double?) {
      self.symbol = symbol
      self.mass = mass
      self.covalent = covalent
      self.vanDerWaals = vanDerWaals
    }
  }

  private static let numbers = Dictionary(
    uniqueKeysWithValues: table.enumerated().map { ($1.symbol, $0 + 1) })

  // Symbol; standard atomic weight (IUPAC 2016, as ASE 3.23 tabulates it); covalent radius (Å);
  // van der Waals radius (Å). A radius nobody has published is nil, not a guess.
  private static let table: [Row] = [
    Row("H", 1.008, 0.31, 1.20),
    Row("He", 4.0026, 0.28, 1.43),
    Row("Li", 6.94, 1.28, 2.12),
    Row("Be", 9.01218, 0.96, 1.98),
    Row("B", 10.81, 0.84, 1.91),
    Row("C", 12.011, 0.76, 1.77),
    Row("N", 14.007, 0.71, 1.66),
    Row("O", 15.999, 0.66, 1.50),
    Row("F", 18.9984, 0.57, 1.46),
    Row("Ne", 20.1797, 0.58, 1.58),
    Row("Na", 22.9898, 1.66, 2.50),
    Row("Mg", 24.305, 1.41, 2.51),
    Row("Al", 26.9815, 1.21, 2.25),
    Row("Si", 28.085, 1.11, 2.19),
    Row("P", 30.9738, 1.07, 1.90),
    Row("S", 32.06, 1.05, 1.89),
    Row("Cl", 35.45, 1.02, 1.82),
    Row("Ar", 39.948, 1.06, 1.83),
    Row("K", 39.0983, 2.03, 2.73),
    Row("Ca", 40.078, 1.76, 2.62),
    Row("Sc", 44.9559, 1.70, 2.58),
    Row("Ti", 47.867, 1.60, 2.46),
    Row("V", 50.9415, 1.53, 2.42),
    Row("Cr", 51.9961, 1.39, 2.45),
    Row("Mn", 54.938, 1.39, 2.45),
    Row("Fe", 55.845, 1.32, 2.44),
    Row("Co", 58.9332, 1.26, 2.40),
    Row("Ni", 58.6934, 1.24, 2.40),
    Row("Cu", 63.546, 1.32, 2.38),
    Row("Zn", 65.38, 1.22, 2.39),
    Row("Ga", 69.723, 1.22, 2.32),
    Row("Ge", 72.63, 1.20, 2.29),
    Row("As", 74.9216, 1.19, 1.88),
    Row("Se", 78.971, 1.20, 1.82),
    Row("Br", 79.904, 1.20, 1.86),
    Row("Kr", 83.798, 1.16, 2.25),
    Row("Rb", 85.4678, 2.20, 3.21),
    Row("Sr", 87.62, 1.95, 2.84),
    Row("Y", 88.9058, 1.90, 2.75),
    Row("Zr", 91.224, 1.75, 2.52),
    Row("Nb", 92.9064, 1.64, 2.56),
    Row("Mo", 95.95, 1.54, 2.45),
    Row("Tc", 97.9072, 1.47, 2.44),
    Row("Ru", 101.07, 1.46, 2.46),
    Row("Rh", 102.906, 1.42, 2.44),
    Row("Pd", 106.42, 1.39, 2.15),
    Row("Ag", 107.868, 1.45, 2.53),
    Row("Cd", 112.414, 1.44, 2.49),
    Row("In", 114.818, 1.42, 2.43),
    Row("Sn", 118.71, 1.39, 2.42),
    Row("Sb", 121.76, 1.39, 2.47),
    Row("Te", 127.6, 1.38, 1.99),
    Row("I", 126.904, 1.39, 2.04),
    Row("Xe", 131.293, 1.40, 2.06),
    Row("Cs", 132.905, 2.44, 3.48),
    Row("Ba", 137.327, 2.15, 3.03),
    Row("La", 138.905, 2.07, 2.98),
    Row("Ce", 140.116, 2.04, 2.88),
    Row("Pr", 140.908, 2.03, 2.92),
    Row("Nd", 144.242, 2.01, 2.95),
    Row("Pm", 144.913, 1.99, nil),
    Row("Sm", 150.36, 1.98, 2.90),
    Row("Eu", 151.964, 1.98, 2.87),
    Row("Gd", 157.25, 1.96, 2.83),
    Row("Tb", 158.925, 1.94, 2.79),
    Row("Dy", 162.5, 1.92, 2.87),
    Row("Ho", 164.93, 1.92, 2.81),
    Row("Er", 167.259, 1.89, 2.83),
    Row("Tm", 168.934, 1.90, 2.79),
    Row("Yb", 173.054, 1.87, 2.80),
    Row("Lu", 174.967, 1.87, 2.74),
    Row("Hf", 178.49, 1.75, 2.63),
    Row("Ta", 180.948, 1.70, 2.53),
    Row("W", 183.84, 1.62, 2.57),
    Row("Re", 186.207, 1.51, 2.49),
    Row("Os", 190.23, 1.44, 2.48),
    Row("Ir", 192.217, 1.41, 2.41),
    Row("Pt", 195.084, 1.36, 2.29),
    Row("Au", 196.967, 1.36, 2.32),
    Row("Hg", 200.592, 1.32, 2.45),
    Row("Tl", 204.38, 1.45, 2.47),
    Row("Pb", 207.2, 1.46, 2.60),
    Row("Bi", 208.98, 1.48, 2.54),
    Row("Po", 208.982, 1.40, nil),
    Row("At", 209.987, 1.50, nil),
    Row("Rn", 222.018, 1.50, nil),
    Row("Fr", 223.02, 2.60, nil),
    Row("Ra", 226.025, 2.21, nil),
    Row("Ac", 227.028, 2.15, 2.80),
    Row("Th", 232.038, 2.06, 2.93),
    Row("Pa", 231.036, 2.00, 2.88),
    Row("U", 238.029, 1.96, 2.71),
    Row("Np", 237.048, 1.90, 2.82),
    Row("Pu", 244.064, 1.87, 2.81),
    Row("Am", 243.061, 1.80, 2.83),
    Row("Cm", 247.07, 1.69, 3.05),
  ]
}

extension Element: CustomStringConvertible {
  public var description: String { symbol }
}
