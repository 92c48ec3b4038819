import Atomistics
import FileFormats
import Foundation
import Testing

/// XDATCAR in the shapes that VASP and its versions write it.
struct XDATCARTests {
  let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  private let header = "Li2 S\n1.0\n5 0 0\n0 5 0\n0 0 5\nLi S\n2 1\n"
  private func block(_ n: Int, mark: String = "Direct configuration=     ") -> String {
    "\(mark)\(n)\n0 0 0\n0.5 0.5 0.0\n0.1 0.2 0.\(n)\n"
  }

  private func frames(
    _ text: String, origin: TrajectoryOrigin = TrajectoryOrigin(), name: String = "XDATCAR"
  ) throws -> [Frame] {
    var reader = try TrajectoryReader(
      path: directory.write(text, to: name), frameInterval: 100, origin: origin)
    var frames: [Frame] = []
    while let frame = try reader.next() { frames.append(frame) }
    return frames
  }

  private func reason(
    _ text: String, origin: TrajectoryOrigin = TrajectoryOrigin()
  ) throws -> String {
    do {
      return "\(try frames(text, origin: origin).count) frames"
    } catch {
      return "\(error)".replacingOccurrences(of: directory.path + "/", with: "")
    }
  }

  @Test func marksWithAnySpacing() throws {
    for mark in ["Direct configuration=", "direct  configuration =   ", "Direct configuration= "] {
      let found = try frames(header + block(1, mark: mark) + block(2, mark: mark))
      #expect(found.count == 2)
      #expect(abs(found[1].structure.positions[2].z - 1) < 1e-12)
      #expect(found[1].time == 100)
    }
  }

  @Test func cartesianIsScaled() throws {
    let text =
      header.replacingOccurrences(of: "\n1.0\n", with: "\n2.0\n")
      + block(1, mark: "Cartesian configuration= ")
    let position = try #require(try frames(text).first).structure.positions[2]
    #expect((position - Vector3(0.2, 0.4, 0.2)).length < 1e-12)
  }

  @Test func blankTitlesAndBlankLines() throws {
    let untitled = header.replacingOccurrences(of: "Li2 S\n", with: "\n")
    for text in [
      untitled + block(1) + untitled + block(2), header + block(1) + "\n" + block(2) + "\n\n",
      header + block(1) + "\n" + header + block(2),
    ] {
      #expect(try frames(text).count == 2)
    }
  }

  @Test func endingsOfPseudopotentials() throws {
    let text = header.replacingOccurrences(of: "Li S\n", with: "Li_sv S/3f2a\n") + block(1)
    #expect(try frames(text)[0].structure.species.map(\.symbol) == ["Li", "Li", "S"])
  }

  @Test func withoutNamesTheyComeFromTypesOrTheStructure() throws {
    let nameless = header.replacingOccurrences(of: "Li S\n", with: "") + block(1) + block(2)
    #expect(try reason(nameless).contains("XDATCAR, line 6: the file names no elements"))
    #expect(try reason(nameless).contains("--structure"))
    let elements = try ["Li", "S"].map { try #require(Element($0)) }
    let typed = try frames(nameless, origin: TrajectoryOrigin(elementsOfTypes: elements))
    #expect(typed.count == 2 && typed[0].structure.species.map(\.symbol) == ["Li", "Li", "S"])
    // Told by content, too.
    let byContent = try frames(
      nameless, origin: TrajectoryOrigin(elementsOfTypes: elements), name: "out")
    #expect(byContent.count == 2)
    let structure = try #require(try frames(header + block(1)).first).structure
    #expect(
      try frames(nameless, origin: TrajectoryOrigin(structure: structure))[1].structure.species
        == structure.species)
    let other = structure.selecting([0, 2, 2])
    #expect(
      try reason(nameless, origin: TrajectoryOrigin(structure: other))
        .contains("line 6: the counts of atoms are not those"))
  }

  /// A contact is exported to VASP grouped by element; its trajectory comes back in its own order.
  @Test func groupedAtomsGoBackToTheStructuresOrder() throws {
    let grouped = try #require(try frames(header + block(1)).first).structure
    var structure = grouped.selecting([0, 2, 1])
    structure.regions = [.metal, .electrolyte, .metal]
    let found = try frames(
      header + block(1) + block(2), origin: TrajectoryOrigin(structure: structure))
    #expect(found[1].structure.species == structure.species)
    #expect(found[1].structure.regions == structure.regions)
    #expect(abs(found[1].structure.positions[1].z - 1) < 1e-12)
    #expect(found[1].structure.positions[2].y == 2.5)
  }

  @Test func numbersTellOfLostDoubledAndInterleavedFrames() throws {
    func text(_ numbers: [Int]) -> String { header + numbers.map { block($0) }.joined() }
    #expect(try reason(text([1, 2, 3])) == "3 frames")
    #expect(try reason(text([2, 4, 6])) == "3 frames")
    #expect(try reason(text([1, 2, 1, 2])) == "4 frames", "a run that was continued")
    #expect(
      try reason(text([1, 2, 4])).contains(
        "line 16: configuration 4 follows 2 where they grow by 1"))
    #expect(try reason(text([1, 2, 2])).contains("configuration 2 follows 2"))
    #expect(try reason(text([1, 2, 3, 2])).contains("configuration 2 follows 3"))
    let starred = text([1, 2]).replacingOccurrences(of: "=     2", with: "=******") + block(3)
    #expect(try reason(starred) == "3 frames")
  }

  @Test func theFormWithoutLatticeIsRefused() throws {
    let old = "  3  3   1\n  0.11E+02  0.4E-09  0.4E-09  0.4E-09  0.15E-14\n  300.0\n  CAR\n t\n\n"
    #expect(try reason(old + "0 0 0\n").contains("line 2: expected the scaling factor"))
    #expect(try reason(old + "0 0 0\n").contains("VASP 4.6 and before"))
  }

  @Test func twoRunsInOneFile() throws {
    // A frame that another run's begins to follow in the middle.
    let torn = header + block(1) + "Direct configuration= 2\n0 0 0\n" + block(2)
    #expect(try reason(torn).contains("line 14: the frame has 1 atoms where its header says 3"))
    // Another count of atoms from the second frame on.
    let fewer =
      header.replacingOccurrences(of: "2 1\n", with: "1 1\n")
      + "Direct configuration= 2\n0 0 0\n0.5 0.5 0\n"
    #expect(try reason(header + block(1) + fewer).contains("line 21: frame 2 holds other atoms"))
    #expect(
      try reason(header + block(1) + "Direct configuration= 2\n0 0 0\nNaN 0 0\n0 0 0\n")
        .contains("line 14: the coordinates of atom 2 'NaN' is not a finite number"))
  }
}
