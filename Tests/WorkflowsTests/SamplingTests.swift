import Atomistics
import FileFormats
import Foundation
import Potentials
import Testing
import Workflows

/// Springs to where the atoms stood, and a wall that makes it explode where a test wants it to.
private struct SpringCrystal: Calculator {
  let name = "springs"
  var range: Double? { nil }
  var stiffness = 2.0
  let home: [Vector3]

  func validate(_ species: some Sequence<Element>) throws {}

  func evaluate(_ structure: Structure) throws -> Evaluation {
    let u = zip(structure.positions, home + Array(repeating: .zero, count: structure.count)).map {
      $0 - $1
    }
    return Evaluation(
      energy: u.reduce(0) { $0 + 0.5 * stiffness * $1.lengthSquared },
      forces: u.map { -stiffness * $0 }, stress: .zero)
  }

  func evaluator(for structure: Structure, skin: Double) -> any Evaluator {
    Springs(calculator: self, listOrigin: ListOrigin(structure))
  }

  private struct Springs: Evaluator {
    let calculator: SpringCrystal
    let listOrigin: ListOrigin
    func evaluate(_ structure: Structure) throws -> Evaluation {
      try calculator.evaluate(structure)
    }
  }
}

private struct Folder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory
      .appendingPathComponent("sample-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  func remove() { try? FileManager.default.removeItem(at: url) }
  func path(_ name: String) -> String { url.appendingPathComponent(name).path }
  func data(_ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: path(name)))
  }

  @discardableResult
  func write(_ structure: Structure, _ name: String) throws -> String {
    try StructureFile.write(structure, to: path(name))
    return path(name)
  }
}

/// A tetrahedral BH4 that lies across the faces of its cell, and a lithium.
private let borohydride: Structure = {
  let arm = 1.22 / 3.0.squareRoot()
  let corners = [(1, 1, 1), (-1, -1, 1), (-1, 1, -1), (1, -1, -1)].map {
    arm * Vector3(Double($0.0), Double($0.1), Double($0.2))
  }
  let symbols = ["Li", "B", "H", "H", "H", "H"]
  return Structure(
    lattice: Lattice(Vector3(4.2, 0, 0), Vector3(0.3, 4.4, 0), Vector3(0, -0.2, 4.6)),
    species: symbols.map { Element($0)! },
    positions: [Vector3(2.1, 2.1, 2.3), .zero] + corners
  ).wrapped()
}()

private func read(_ path: String) throws -> [RecordedFrame] {
  var source = ExtendedXYZ().frames(of: try LineReader(path: path))
  var frames: [RecordedFrame] = []
  while let next = try source.next() { frames.append(next) }
  return frames
}

private func settings(_ kinds: SampleKind...) -> SamplingSettings {
  var settings = SamplingSettings()
  settings.kinds = kinds
  settings.maximumAtoms = 12
  settings.duration = 20
  settings.equilibration = 10
  settings.interval = 5
  settings.meltTime = 10
  settings.quenchTime = 20
  settings.endTime = 5
  return settings
}

private func numbers(_ frame: RecordedFrame, _ key: String) throws -> [Double] {
  try #require(frame.notes[key]).split(separator: " ").map { Double($0)! }
}

@Suite struct SamplingTests {
  @Test func strainsAreWhatTheNotesSay() throws {
    let folder = try Folder()
    defer { folder.remove() }
    let file = try folder.write(borohydride, "LiBH4.extxyz")
    var settings = settings(.rattled)
    (settings.rattles, settings.closest) = (40, 0)
    let result = try Sampling(settings).sample([file], to: folder.path("out.extxyz"))
    let frames = try read(folder.path("out.extxyz"))
    #expect(result.frames == 40 && frames.count == 40)
    #expect(result.groups == ["rattled": 20, "turned": 20])
    let cell = borohydride.roundestSupercell(maximumAtoms: 12)
    var largest = (deviator: 0.0, dilation: 0.0)
    for frame in frames {
      let e = try numbers(frame, "strain")
      let strain = Matrix3(
        Vector3(e[0], e[5], e[4]), Vector3(e[5], e[1], e[3]), Vector3(e[4], e[3], e[2]))
      // The digits read back to the same bits, so that this is exact.
      #expect(frame.structure.lattice.matrix == cell.strained(by: strain).lattice.matrix)
      let trace = e[0] + e[1] + e[2]
      let deviator = (strain - (trace / 3) * Matrix3.identity).frobeniusNorm
      #expect(deviator <= 0.06 + 1e-12 && abs(trace) <= 0.08 + 1e-12)
      largest = (max(largest.deviator, deviator), max(largest.dilation, abs(trace)))
      #expect(frame.notes["traj"] == "LiBH4/rattled" && frame.notes["seed"] == "1")
    }
    #expect(largest.deviator > 0.04 && largest.dilation > 0.05, "the ranges are filled")
    #expect(Set(frames.compactMap { $0.notes["displacement"] }) == ["0.03", "0.1", "0.2"])
  }

  @Test func displacementsHaveTheirSize() throws {
    let folder = try Folder()
    defer { folder.remove() }
    let file = try folder.write(borohydride, "a.extxyz")
    var settings = settings(.rattled)
    (settings.rattles, settings.closest, settings.displacements) = (200, 0, [0.1])
    _ = try Sampling(settings).sample([file], to: folder.path("out.extxyz"))
    let cell = borohydride.roundestSupercell(maximumAtoms: 12)
    var (squares, count) = (0.0, 0)
    for frame in try read(folder.path("out.extxyz")) where frame.notes["config_type"] == "rattled" {
      let strained = cell.fractionalPositions.map(frame.structure.lattice.cartesian)
      for (now, before) in zip(frame.structure.positions, strained) {
        squares += (now - before).lengthSquared
        count += 3
      }
    }
    // 3,600 numbers: the root mean square is off by less than 4 %, three times its spread.
    #expect(abs((squares / Double(count)).squareRoot() - 0.1) < 0.004)
  }

  @Test func clustersTurnAsRigidBodies() throws {
    let folder = try Folder()
    defer { folder.remove() }
    let file = try folder.write(borohydride, "a.extxyz")
    var settings = settings(.rattled)
    (settings.rattles, settings.closest, settings.displacements) = (20, 0, [0.05])
    _ = try Sampling(settings).sample([file], to: folder.path("out.extxyz"))
    var angles: [Double] = []
    for frame in try read(folder.path("out.extxyz")) where frame.notes["config_type"] == "turned" {
      let bonds = Dictionary(grouping: Cluster.BH4.bonds(in: frame.structure), by: \.center)
      #expect(bonds.count == 2 && bonds.values.allSatisfy { $0.count == 4 })
      for body in bonds.values {
        let arms = body.map { bond in
          let s = bond.image
          return frame.structure.positions[bond.ligand] - frame.structure.positions[bond.center]
            + frame.structure.lattice.cartesian(Vector3(Double(s.x), Double(s.y), Double(s.z)))
        }
        for i in 0..<4 {
          #expect(abs(arms[i].length - 1.22) < 1e-9)
          for j in 0..<i {
            #expect(abs((arms[i] - arms[j]).length - 1.22 * (8.0 / 3).squareRoot()) < 1e-9)
          }
        }
        angles.append(arms[0].normalized.dot(Vector3(1, 1, 1).normalized))
      }
    }
    #expect(angles.count == 20 && Set(angles.map { Int($0 * 1000) }).count > 15, "they do turn")
  }

  @Test func volumesAndStretchedBonds() throws {
    let folder = try Folder()
    defer { folder.remove() }
    let file = try folder.write(borohydride, "LiBH4.extxyz")
    _ = try Sampling(settings(.eos, .stretched)).sample([file], to: folder.path("out.extxyz"))
    let frames = try read(folder.path("out.extxyz"))
    let eos = frames.filter { $0.notes["config_type"] == "eos" }
    let ratios = eos.map { $0.structure.volume / borohydride.volume }
    for (k, ratio) in ratios.enumerated() { #expect(abs(ratio - (0.88 + 0.03 * Double(k))) < 1e-9) }
    #expect(eos.count == 9 && eos[4].notes["volume_ratio"] == "1.0")
    let stretched = frames.filter { $0.notes["config_type"] == "stretched" }
    #expect(stretched.count == 11 && stretched.allSatisfy { $0.notes["bond"] == "B-H" })
    let still = try #require(stretched.first { $0.notes["stretch"] == "0.0" }).structure
    for frame in stretched {
      let stretch = try numbers(frame, "stretch")[0]
      let moved = still.positions.indices.filter {
        frame.structure.positions[$0] != still.positions[$0]
      }
      #expect(moved.count == (stretch == 0 ? 0 : 1))
      for atom in moved {
        let shift = frame.structure.positions[atom] - still.positions[atom]
        #expect(still.species[atom] == Element("H"))
        #expect(abs(shift.length - abs(stretch)) < 1e-9)
      }
    }
    #expect(Set(frames.compactMap { $0.notes["traj"] }) == ["LiBH4/eos", "LiBH4/stretched"])
  }

  @Test func theSameSeedGivesTheSameBytesAndACutFileGrowsToThem() throws {
    let folder = try Folder()
    defer { folder.remove() }
    let file = try folder.write(borohydride, "LiBH4.extxyz")
    var settings = settings(.rattled, .eos, .stretched, .dynamics)
    (settings.rattles, settings.temperatures, settings.repetitions) = (4, [50, 80], 2)
    let springs = SpringCrystal(
      home: borohydride.roundestSupercell(maximumAtoms: 12).positions)
    func make(_ name: String, threads: Int, seed: UInt64 = 1) throws -> Data {
      settings.seed = seed
      var sampling = Sampling(settings, calculator: springs, sha256: "abc")
      sampling.atOnce = threads
      _ = try sampling.sample([file], to: folder.path(name))
      return try folder.data(name)
    }
    let whole = try make("a.extxyz", threads: 1)
    #expect(try make("b.extxyz", threads: 3) == whole)
    #expect(try make("c.extxyz", threads: 1, seed: 2) != whole)
    #expect(try make("a.extxyz", threads: 1) == whole, "nothing is left to be done")
    for length in stride(from: 1, to: whole.count, by: whole.count / 23) {
      try whole.prefix(length).write(to: URL(fileURLWithPath: folder.path("a.extxyz")))
      #expect(try make("a.extxyz", threads: 2) == whole, "cut at \(length)")
    }
    let trajectories = Set(try read(folder.path("a.extxyz")).compactMap { $0.notes["traj"] })
    #expect(
      trajectories.isSuperset(of: [
        "LiBH4/50K/seed1", "LiBH4/50K/seed2", "LiBH4/80K/seed1", "LiBH4/80K/seed2",
      ]))
    #expect(trajectories.count == 7)
  }

  @Test func framesOfMotionCarryTimesAndVelocitiesStayBehind() throws {
    let folder = try Folder()
    defer { folder.remove() }
    let file = try folder.write(borohydride, "a.extxyz")
    var settings = settings(.dynamics)
    settings.temperatures = [100]
    let springs = SpringCrystal(
      home: borohydride.roundestSupercell(maximumAtoms: 12).positions)
    _ = try Sampling(settings, calculator: springs, sha256: "x")
      .sample([file], to: folder.path("out.extxyz"))
    let frames = try read(folder.path("out.extxyz"))
    #expect(frames.compactMap { $0.notes["after_fs"] } == ["5", "10", "15", "20"])
    #expect(frames.allSatisfy { $0.notes["temperature_K"] == "100" })
    #expect(frames.allSatisfy { $0.structure.velocities == nil && $0.structure.count == 12 })
  }

  @Test func whatExplodesKeepsWhatCameBefore() throws {
    let folder = try Folder()
    defer { folder.remove() }
    let file = try folder.write(borohydride, "a.extxyz")
    var settings = settings(.dynamics)
    (settings.temperatures, settings.equilibration, settings.interval) = ([300], 0, 1)
    // The force grows with the way from home; a small limit is met after some steps.
    settings.largestForce = 0.5
    let springs = SpringCrystal(
      home: borohydride.roundestSupercell(maximumAtoms: 12).positions)
    let result = try Sampling(settings, calculator: springs, sha256: "x")
      .sample([file], to: folder.path("out.extxyz"))
    #expect(result.frames > 0 && result.frames < 20, "\(result.frames)")
    #expect(result.remarks.count == 1 && result.remarks[0].contains("above 0.5 eV/Å"))
    for frame in try read(folder.path("out.extxyz")) {
      #expect(frame.notes["sample_part"]?.hasSuffix("/\(result.frames)") == true)
    }
  }

  @Test func mixturesHaveTheirMetalAndItsVolume() throws {
    let folder = try Folder()
    defer { folder.remove() }
    let file = try folder.write(borohydride, "LiBH4.extxyz")
    var settings = settings(.mixtures)
    (settings.metalPerUnit, settings.repetitions, settings.maximumAtoms) = ([1, 3], 1, 18)
    (settings.melt, settings.end, settings.closest) = (100, 50, 0.3)
    let free = SpringCrystal(stiffness: 0, home: [])
    let result = try Sampling(settings, calculator: free, sha256: "x")
      .sample([file], to: folder.path("out.extxyz"))
    let frames = try read(folder.path("out.extxyz"))
    #expect(result.groups == ["mixture": 14], "\(result.remarks)")
    for (metal, unit) in [(1, "LiBH4+1Li/100K/seed1"), (3, "LiBH4+3Li/100K/seed1")] {
      let own = frames.filter { $0.notes["traj"] == unit }
      #expect(own.count == 7)
      let structure = try #require(own.first).structure
      let borons = structure.species.count { $0 == Element("B") }
      let lithium = structure.species.count { $0 == Element("Li") }
      #expect(lithium == borons * (1 + metal) && structure.count <= 18 && borons == 2)
      let expected = Double(borons) * (borohydride.volume + 20.2 * Double(metal))
      #expect((0.94...1.11).contains(structure.volume / expected))
      #expect(own.compactMap { $0.notes["temperature_K"] }.first == "100")
      #expect(own.compactMap { $0.notes["temperature_K"] }.last == "50")
    }
  }

  @Test func contactsAreKeptAsTheyAre() throws {
    let folder = try Folder()
    defer { folder.remove() }
    var contact = borohydride
    contact.regions = [.metal] + Array(repeating: .electrolyte, count: 5)
    let file = try folder.write(contact, "contact-1.extxyz")
    var settings = settings()
    settings.temperatures = [60]
    settings.kinds = []
    let springs = SpringCrystal(home: contact.positions)
    let result = try Sampling(settings, calculator: springs, sha256: "x")
      .sample([file], to: folder.path("out.extxyz"))
    let frames = try read(folder.path("out.extxyz"))
    #expect(result.groups == ["contact": 7])
    #expect(
      frames.compactMap { $0.notes["stage"] } == ["built", "relaxed"]
        + Array(repeating: "dynamics", count: 4) + ["quenched"])
    #expect(frames[0].structure.positions == contact.positions)
    #expect(frames.allSatisfy { $0.structure.regions == contact.regions })
    #expect(frames.prefix(2).allSatisfy { $0.notes["traj"] == "contact-1/start" })
    #expect(frames.dropFirst(2).allSatisfy { $0.notes["traj"] == "contact-1/60K/seed1" })
  }

  @Test func framesThatDescendFromATrajectoryKeepItsName() throws {
    let folder = try Folder()
    defer { folder.remove() }
    let text =
      ExtendedXYZ.text(of: borohydride, info: [("traj", "old/run")])
      + ExtendedXYZ.text(of: borohydride, info: [])
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder.path("two.extxyz")))
    _ = try Sampling(settings(.rattled)).sample(
      [folder.path("two.extxyz")], to: folder.path("out.extxyz"))
    let frames = try read(folder.path("out.extxyz"))
    #expect(Set(frames.compactMap { $0.notes["traj"] }) == ["old/run/rattled", "two/rattled"])
    // Their random numbers are not the same.
    #expect(Set(frames.map(\.structure.lattice)).count == frames.count)
  }

  @Test func whatCannotBeSampledIsTold() throws {
    let folder = try Folder()
    defer { folder.remove() }
    let file = try folder.write(borohydride, "a.extxyz")
    let out = folder.path("out.extxyz")
    func trouble(
      _ settings: SamplingSettings, _ files: [String], _ path: String, _ words: String
    ) {
      #expect {
        try Sampling(settings).sample(files, to: path)
      } throws: {
        let error = $0 as? WorkflowsError
        return error?.kind == .badData && "\($0)".contains(words)
      }
    }
    trouble(settings(.dynamics), [file], out, "need a potential")
    trouble(settings(.rattled), [file, file], out, "give each once")
    trouble(settings(.rattled), [file], file, "is left alone")
    var contact = borohydride
    contact.periodic = [true, true, false]
    let slab = try folder.write(contact, "slab.extxyz")
    trouble(settings(.eos), [slab], out, "slab is no crystal: no eos of it")
    _ = try Sampling(settings(.rattled)).sample([file], to: out)
    let before = try folder.data("out.extxyz")
    var other = settings(.rattled)
    other.seed = 9
    trouble(other, [file], out, "other files, options or seed")
    #expect(try folder.data("out.extxyz") == before)
    var bad = settings(.rattled)
    bad.displacements = []
    #expect(throws: AtomisticsError.self) { try Sampling(bad).sample([file], to: out) }
  }
}
