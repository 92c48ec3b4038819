import Atomistics
import Testing

@Suite struct ClusterGrammarTests {
  @Test func readsWhatItPrints() throws {
    let nitrate = try Cluster(parsing: "NO3: N-O3, 1.25 Å, -1")
    #expect(nitrate.name == "NO3" && nitrate.charge == -1 && nitrate.ligandCount == 3)
    #expect(nitrate.center == Element("N") && nitrate.ligand == Element("O"))
    #expect(abs(nitrate.innerCutoff - 1.5) < 1e-12 && abs(nitrate.outerCutoff - 1.75) < 1e-12)
    for cluster in Cluster.known + [nitrate] {
      let again = try Cluster(parsing: cluster.description)
      #expect(again.name == cluster.name && again.charge == cluster.charge)
      #expect([again.center, again.ligand] == [cluster.center, cluster.ligand])
      #expect(again.ligandCount == cluster.ligandCount && again.bondLength == cluster.bondLength)
    }
    #expect(try Cluster(parsing: "OH:O-H,0.97 A,1−").charge == -1)
    #expect(try Cluster(parsing: "NH4: N-H4, 0.103 nm, +1").charge == 1)
    #expect(try Cluster(parsing: " BO3 : B-O3, 1.4Å, -3 ").name == "BO3")
  }

  @Test(arguments: [
    ("N-O3, 1.25 Å, -1", "name"), ("NO3: N-O3, 1.25 Å", "three parts"),
    ("NO3: N-O3, 1.25, -1", "length"), ("NO3: N-O3, 9 Å, -1", "between"),
    ("NO3: Qq-O3, 1.25 Å, -1", "'Qq' is not an element"), ("NO3: N-O3, 1.25 Å, x", "charge"),
    ("SCN: S-C-N, 1.2 Å, -1", "one kind"), ("NO: N-O0, 1.25 Å, -1", "1 to 12"),
    ("S2: S-S, 2.05 Å, -2", "two elements"), ("", "name"), ("a b: N-O, 1.2 Å, 0", "letters"),
    ("NO3: N-O3, inf Å, -1", "length"),
  ])
  func whatCannotBeReadIsToldWhy(text: String, says: String) {
    do {
      _ = try Cluster(parsing: text)
      Issue.record("'\(text)' is no cluster")
    } catch let error as AtomisticsError {
      #expect(error.description.contains(says), "\(error)")
      #expect(error.description.contains("NO3: N-O3, 1.25 Å, -1") && error.kind == .usage)
    } catch { Issue.record("\(error)") }
  }

  @Test func onesOwnTakeThePlaceOfKnownOnes() throws {
    let long = try Cluster(parsing: "borohydride: B-H4, 1.25 Å, -1")
    let all = try Cluster.known(and: [long])
    #expect(all.map(\.name) == ["PS4", "BF4", "CN", "borohydride"])
    let twice = try Cluster(parsing: "BH3: B-H3, 1.2 Å, 0")
    #expect(throws: AtomisticsError.self) { try Cluster.known(and: [long, twice]) }
    #expect(throws: AtomisticsError.self) {
      try Cluster.known(and: [long, try Cluster(parsing: "borohydride: Al-H4, 1.6 Å, -1")])
    }
  }

  @Test func anAbsentClusterIsTold() throws {
    let triple = try Cluster(parsing: "NO2: N-O2, 1.25 Å, -1")
    // A nitrate in a large cell.
    let d = 1.25
    let crystal = Structure(
      lattice: Lattice(Vector3(6, 0, 0), Vector3(0, 6, 0), Vector3(0, 0, 6)),
      species: ["Na", "N", "O", "O", "O"].map { Element($0)! },
      positions: [
        Vector3(0, 0, 3), .zero, Vector3(d, 0, 0), Vector3(-d / 2, d * 0.8660254, 0),
        Vector3(-d / 2, -d * 0.8660254, 0),
      ])
    try Cluster(parsing: "NO3: N-O3, 1.25 Å, -1").requirePresence(in: crystal)
    do {
      try triple.requirePresence(in: crystal)
      Issue.record("three ligands, not two")
    } catch { #expect("\(error)".contains("have 3 O within 1.5 Å, not 2"), "\(error)") }
    do {
      try Cluster.PS4.requirePresence(in: crystal)
      Issue.record("no phosphorus")
    } catch { #expect("\(error)".contains("no P-S bond shorter than 2.5 Å"), "\(error)") }
  }
}
