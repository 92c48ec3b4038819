import Atomistics
import FileFormats
import Foundation
import Interfaces
import Potentials
import Testing
import Workflows

/// A contact's files, read back.
@Suite struct ContactFilesTests {
  private final class Folder {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("contact-files-\(UUID().uuidString)")
    deinit { try? FileManager.default.removeItem(at: url) }
  }

  private func crystal(_ name: String) throws -> Structure {
    var structure = try StructureFile.read(dataCrystal(name))
    let charges = ["Li": 1.0, "P": 5, "S": -2, "Cl": -1, "B": 3, "H": -1]
    structure.formalCharges = structure.species.map { charges[$0.symbol] ?? 0 }
    return structure
  }

  private func contact(_ film: String, _ settings: ContactSettings, at index: Int = 0) throws
    -> (CoherentInterface, ContactCandidate)
  {
    let candidates = try CoherentInterface.candidates(
      electrolyte: crystal(film), metal: crystal("Li.cif"), settings: settings)
    let candidate = candidates[min(index, candidates.count - 1)]
    let shift = SIMD2(0.25, 1.0 / 3)
    return (CoherentInterface(candidate, settings: settings, shift: shift), candidate)
  }

  @Test(arguments: [("Li6PS5Cl.extxyz", false), ("LiBH4.cif", false), ("LiCl.cif", true)])
  func readingBackGivesTheSameContact(film: (String, Bool)) throws {
    var settings = ContactSettings()
    settings.maximumArea = 150
    settings.vacuum = film.1 ? nil : 13
    settings.radii = film.1 ? .bondi : .alvarez
    let (contact, _) = try contact(film.0, settings, at: 1)
    let folder = Folder()
    let files = try ContactFiles(writing: contact, settings: settings, name: "c", to: folder.url)
    let structure = contact.structure

    // Extended XYZ: all of it, to the bit.
    #expect(try StructureFile.read(files.extxyz) == structure)
    #expect(structure.formalCharges?.count == structure.count)
    let (atoms, description) = try ContactDescription.read(files.extxyz)
    #expect(atoms == structure)
    #expect(description == ContactDescription(contact, settings: settings))
    #expect(description.electrolyteMiller == contact.electrolyteMiller)
    #expect(description.contactPlanes == contact.contactPlanes && description.gap == contact.gap)
    #expect(description.closestPair == contact.closestPair)
    #expect((description.secondPair != nil) == film.1 && (description.vacuum == nil) == film.1)
    #expect(description.shift == SIMD2(0.25, 1.0 / 3))

    // POSCAR: in the same order by its map; grouped by element without.
    let restored = try StructureFile.read(files.poscar)
    #expect(restored.lattice == structure.lattice && restored.species == structure.species)
    #expect(restored.positions == structure.positions)
    try FileManager.default.removeItem(atPath: files.poscarOrder)
    let grouped = try StructureFile.read(files.poscar)
    let runs = zip(grouped.species, grouped.species.dropFirst()).filter { $0 != $1 }.count
    #expect(runs == Set(grouped.species).count - 1)
    let order = POSCAROrder(structure)
    #expect(grouped.positions == order.order.map { structure.positions[$0] })
    #expect(order.order.enumerated().allSatisfy { order.back[$0.element] == $0.offset })

    // CIF: in the same order, fractional coordinates.
    let cif = try StructureFile.read(files.cif)
    #expect(cif.species == structure.species)
    for (a, b) in zip(cif.fractionalPositions, structure.fractionalPositions) {
      let d = a - b
      let rest = d - d.rounded(.toNearestOrEven)
      #expect(max(abs(rest.x), abs(rest.y), abs(rest.z)) < 1e-9)
    }
    let data = try String(contentsOfFile: files.lammps, encoding: .utf8)
    #expect(data.contains("\(structure.count) atoms") && data.contains("Atoms # atomic"))
  }

  @Test func builtTwiceTheBytesAreTheSame() throws {
    var settings = ContactSettings()
    settings.maximumArea = 120
    var texts: [[Data]] = []
    for _ in 0..<2 {
      let (contact, _) = try contact("Li6PS5Cl.extxyz", settings)
      let folder = Folder()
      let files = try ContactFiles(writing: contact, settings: settings, name: "c", to: folder.url)
      texts.append(
        try [files.extxyz, files.poscar, files.poscarOrder, files.cif, files.lammps].map {
          try Data(contentsOf: URL(fileURLWithPath: $0))
        })
    }
    #expect(texts[0] == texts[1] && texts[0].count == 5)
  }

  @Test func whatIsNotThereIsNamed() throws {
    var settings = ContactSettings()
    settings.maximumArea = 100
    let (contact, _) = try contact("LiCl.cif", settings)
    let folder = Folder()
    let files = try ContactFiles(writing: contact, settings: settings, name: "c", to: folder.url)
    let text = try String(contentsOfFile: files.extxyz, encoding: .utf8)
    for (old, new, says) in [
      ("gap_A=", "gip_A=", "gap_A is missing"), ("radii=alvarez", "radii=mine", "'mine'"),
      ("closest_pair=Li", "closest_pair=Qq", "two elements"),
    ] {
      let path = folder.url.appendingPathComponent("damaged.extxyz").path
      try AtomicFile.write(text.replacingOccurrences(of: old, with: new), to: path)
      do {
        _ = try ContactDescription.read(path)
        Issue.record("read in spite of \(new)")
      } catch let error as FileFormatsError {
        #expect(error.description.contains(says), "\(error)")
        #expect(error.description.contains("line 2"))
      }
    }
    let order = try String(contentsOfFile: files.poscarOrder, encoding: .utf8)
    let lines = order.split(separator: "\n")
    for damaged in [order + "0 0\n", String(order.dropLast(8)), "x y\n", lines[1] + "\n" + order] {
      try AtomicFile.write(String(damaged), to: files.poscarOrder)
      #expect(throws: FileFormatsError.self) { try StructureFile.read(files.poscar) }
    }
  }

  @Test func thePageShowsEachContact() throws {
    var settings = ContactSettings()
    settings.maximumArea = 100
    let (contact, candidate) = try contact("LiBH4.cif", settings)
    let folder = Folder()
    let files = try ContactFiles(writing: contact, settings: settings, name: "c-1", to: folder.url)
    let ranking = ContactRanking(
      [candidate], upTo: 1, stressLimit: ContactStress.paperLimit)
    var entry = ContactPage.Entry(
      name: "c-1", contact: contact, ranked: ranking.entries[0], files: files)
    let potential = LennardJones(
      Dictionary(
        uniqueKeysWithValues: ["Li", "B", "H"].map {
          (Element($0)!, .init(epsilon: 0.05, sigma: $0 == "H" ? 1.0 : 2.2))
        }), cutoff: 6)
    entry.registry = try ContactRegistry(
      candidate, settings: settings, grid: .points(2), calculator: potential)
    entry.adhesion = try WorkOfAdhesion(
      of: contact.structure, contacts: 1, calculator: potential)
    entry.remarks = ["A remark of Li6PS5Cl."]
    let path = try ContactPage(
      entries: [entry], electrolyte: crystal("LiBH4.cif"), metal: crystal("Li.cif"), found: 7,
      isShortlist: false, settings: settings, potential: "a test"
    ).write(to: folder.url)
    let html = try String(contentsOfFile: path, encoding: .utf8)
    for part in [
      "<title>Contacts of LiBH₄ with Li</title>", "1 of 7 contacts", "class=\"plane\"",
      "class=\"face\"", "class=\"tile\"",
      "work of adhesion", "c-1.POSCAR.order", "./c-1-registry.csv", "A remark",
    ] { #expect(html.contains(part), "\(part)") }
    #expect(!html.contains("<script") && !html.contains("src=\"http"))
    for name in ["c-1.svg", "c-1.csv", "c-1-registry.svg", "c-1-registry.csv"] {
      #expect(
        FileManager.default.fileExists(atPath: folder.url.appendingPathComponent(name).path))
    }
  }

  @Test func theBestShiftsAreRelaxed() throws {
    var settings = ContactSettings()
    settings.maximumArea = 100
    let (_, candidate) = try contact("LiCl.cif", settings)
    let potential = LennardJones(
      [
        Element("Li")!: .init(epsilon: 0.1, sigma: 2.5),
        Element("Cl")!: .init(epsilon: 0.1, sigma: 2.9),
      ], cutoff: 6)
    let registry = try ContactRegistry(
      candidate, settings: settings, grid: .points(2), calculator: potential, relaxing: 2)
    #expect(registry.scan.points.count == 4 && registry.relaxed.count == 2)
    for result in registry.relaxed { #expect(result.energy <= result.point.energy) }
    let chosen = try #require(registry.chosenRelaxed)
    #expect(registry.relaxed.allSatisfy { chosen.energy <= $0.energy + 1e-6 })
    #expect(chosen.point == registry.chosen)
    #expect(throws: WorkflowsError.self) {
      try ContactRegistry(
        candidate, settings: settings, grid: .points(2), calculator: potential,
        shouldStop: { true })
    }
  }
}
