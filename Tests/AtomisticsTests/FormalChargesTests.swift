import Atomistics
import Testing

@Suite struct FormalChargesTests {
  private func cell(_ a: Double, _ sites: [(String, Vector3)]) -> Structure {
    SymmetryCrystals.cubic(a, sites)
  }

  /// Atoms far apart: no clusters.
  private func apart(_ symbols: [String]) -> Structure {
    cell(
      8 * Double(symbols.count),
      symbols.enumerated().map { ($1, Vector3(Double($0) / Double(symbols.count), 0, 0)) })
  }

  private static let tetrahedron = [
    Vector3(1, 1, 1), Vector3(1, -1, -1), Vector3(-1, 1, -1), Vector3(-1, -1, 1),
  ].map { $0 / 3.0.squareRoot() }

  @Test(arguments: [
    (["Na", "Cl"], [1.0, -1]), (["Li", "Li", "S"], [1, 1, -2]), (["Ca", "F", "F"], [2, -1, -1]),
    (["Li", "Li", "Li", "P"], [1, 1, 1, -3]), (["Li", "H"], [1, -1]),
    (["H", "H", "O"], [1, 1, -2]), (["Li", "Li", "S", "S"], [1, 1, -1, -1]),
    (["Fe", "Fe", "O", "O", "O"], [3, 3, -2, -2, -2]), (["S", "Cl", "Cl"], [2, -1, -1]),
    (["Si", "C"], [4, -4]), (["Li"], [0]), (["Li", "Mg"], [0, 0]), (["S"], [0]),
  ])
  func simpleSalts(symbols: [String], charges: [Double]) throws {
    #expect(try FormalCharges(of: apart(symbols)).values == charges)
  }

  @Test func clustersShareTheirCharge() throws {
    for (cluster, ion, center, ligand) in [
      (Cluster.BH4, ["Li"], 3.0, -1.0), (.BF4, ["Li"], 3, -1), (.PS4, ["Li", "Li", "Li"], 5, -2),
    ] {
      let sites =
        [(cluster.center.symbol, Vector3.zero)]
        + Self.tetrahedron.map { (cluster.ligand.symbol, cluster.bondLength / 12 * $0) }
        + ion.indices.map { (ion[$0], Vector3(0.5, 0.2 * Double($0), 0.5)) }
      let found = try FormalCharges(of: cell(12, sites))
      #expect(found.values.prefix(5) == [center, ligand, ligand, ligand, ligand])
      #expect(found.values.dropFirst(5).allSatisfy { $0 == 1 } && found.balancedBy == nil)
    }
    let cyanide = cell(
      12, [("C", .zero), ("N", Vector3(1.17 / 12, 0, 0)), ("Na", Vector3(0.5, 0.5, 0.5))])
    #expect(try FormalCharges(of: cyanide).values == [2, -3, 1])
    // The centre takes the anion's charge where it is the more electronegative.
    let ammonium = cell(
      12,
      [("N", .zero), ("Cl", Vector3(0.5, 0.5, 0.5))]
        + Self.tetrahedron.map { ("H", 1.03 / 12 * $0) })
    let clusters = [try Cluster(parsing: "NH4: N-H4, 1.03 Å, +1")]
    #expect(try FormalCharges(of: ammonium, clusters: clusters).values == [-3, -1, 1, 1, 1, 1])
  }

  @Test func whatDoesNotAddUpIsToldWhy() throws {
    for (symbols, says) in [
      (["Li", "Cl", "Cl"], "add up to -1"), (["Fe", "Co", "O"], "Co"), (["Na", "O"], "add up to"),
    ] {
      do {
        _ = try FormalCharges(of: apart(symbols))
        Issue.record("\(symbols) have charges")
      } catch {
        #expect(error.description.contains(says), "\(error)")
        #expect(error.description.contains("--charges"))
      }
    }
    for given in ["Li=1", "Na=1,Cl=-2"] {
      #expect(throws: AtomisticsError.self) {
        try FormalCharges(of: apart(["Na", "Cl"]), given: FormalCharges.reading(given))
      }
    }
    for text in ["", "Li", "Li=x", "Qq=1", "Li=1,Li=2", "Li=40", "Li=nan"] {
      #expect(throws: AtomisticsError.self) { try FormalCharges.reading(text) }
    }
    #expect(try FormalCharges.reading("Li=1, S=-2") == [Element("Li")!: 1, Element("S")!: -2])
  }
}
