import Atomistics
import Foundation
import Interfaces
import Testing

/// Against what pymatgen itself built: `Fixtures/generate_pymatgen_contacts.py`.
@Suite struct PymatgenContactTests {
  struct Golden: Decodable {
    struct Contact: Decodable {
      let filmTransformation: [[Int]]
      let substrateTransformation: [[Int]]
      /// a, b, c in Å, γ in degrees.
      let lattice: [Double]
      let species: [String]
      let isFilm: [Bool]
      let fractional: [[Double]]
    }
    struct Cut: Decodable {
      let shift: Double
      let label: String

      init(from decoder: any Decoder) throws {
        var values = try decoder.unkeyedContainer()
        shift = try values.decode(Double.self)
        label = try values.decode(String.self)
      }
    }
    struct Case: Decodable, CustomTestStringConvertible {
      let film: String
      let filmFace: [Int]
      let substrate: String
      let substrateFace: [Int]
      let area: Double
      let filmThickness: Double
      let substrateThickness: Double
      let inPlanes: Bool
      let filmShift: Double
      let substrateShift: Double
      let filmTerminations: [Cut]
      let substrateTerminations: [Cut]
      let contacts: [Contact]

      var testDescription: String { "\(film) \(filmFace) on \(substrate) \(substrateFace)" }

      func thickness(_ value: Double) -> RequestedThickness {
        inPlanes ? .layers(Int(value)) : .height(value)
      }
    }
    let cases: [Case]
  }

  static let golden = Result {
    let url = try #require(
      Bundle.module.url(
        forResource: "pymatgen_contacts", withExtension: "json", subdirectory: "Fixtures"))
    return try JSONDecoder().decode(Golden.self, from: Data(contentsOf: url))
  }

  private func generator(_ name: String, _ m: [Int]) throws -> PymatgenSlab.Generator {
    PymatgenSlab.Generator(try Crystals.data(name), MillerIndex(m[0], m[1], m[2]))
  }

  @Test func terminationsAndTheirLabels() throws {
    let cases = try Self.golden.get().cases
    #expect(cases.count == 9)
    for one in cases {
      for (name, face, theirs) in [
        (one.film, one.filmFace, one.filmTerminations),
        (one.substrate, one.substrateFace, one.substrateTerminations),
      ] {
        let ours = PymatgenTermination.all(try generator(name, face))
        #expect(ours.map(\.label) == theirs.map(\.label), "\(name) \(face)")
        for (mine, their) in zip(ours, theirs) {
          #expect(abs(mine.shift - their.shift) < 1e-9, "\(name) \(face)")
        }
      }
    }
  }

  /// Cell and every atom.
  @Test func contactsArePymatgens() throws {
    var compared = 0
    for one in try Self.golden.get().cases {
      let (film, base) = (
        try generator(one.film, one.filmFace), try generator(one.substrate, one.substrateFace)
      )
      func lattice(_ generator: PymatgenSlab.Generator) -> Lattice {
        generator.slab(shift: 0, thickness: .layers(1)).lattice
      }
      var search = PymatgenMatches()
      search.area = one.area
      let matches = search.all(film: lattice(film), substrate: lattice(base))
      for contact in one.contacts {
        let match = try #require(
          matches.first {
            rows($0.filmTransformation) == contact.filmTransformation
              && rows($0.substrateTransformation) == contact.substrateTransformation
          }, "\(one.testDescription)")
        let ours = PymatgenContact(
          film: try side(film, one.filmShift, one.thickness(one.filmThickness), .electrolyte),
          substrate: try side(
            base, one.substrateShift, one.thickness(one.substrateThickness), .metal),
          match: match)
        try expectSame(ours.structure, contact, one.testDescription)
        compared += 1
      }
    }
    #expect(compared >= 15)
  }

  private func side(
    _ generator: PymatgenSlab.Generator, _ shift: Double, _ thickness: RequestedThickness,
    _ region: Region
  ) throws -> PymatgenContact.Side {
    let cut = try #require(
      PymatgenTermination.all(generator).first { abs($0.shift - shift) < 1e-9 })
    return PymatgenContact.Side(generator, cut: cut, thickness: thickness, region: region)
  }

  private func rows(_ m: PlaneSupercell) -> [[Int]] { m.rows.map { [$0.x, $0.y] } }

  private func expectSame(_ ours: Structure, _ their: Golden.Contact, _ what: String) throws {
    let l = ours.lattice
    let numbers = [l.lengths.x, l.lengths.y, l.lengths.z, l.angles.z]
    for (mine, their) in zip(numbers, their.lattice) {
      #expect(abs(mine - their) < 1e-7 * their, "\(what): \(numbers)")
    }
    #expect(ours.count == their.species.count, "\(what)")
    let places = ours.fractionalPositions
    let regions = try #require(ours.regions)
    var left = Set(places.indices)
    var shifts: [Bool: [Vector3]] = [:]
    for (atom, species) in their.species.enumerated() {
      let f = their.fractional[atom]
      func shift(_ index: Int) -> Vector3 {
        let d = places[index] - Vector3(f[0], f[1], f[2])
        return l.cartesian(d - d.rounded(.toNearestOrEven))
      }
      let mine = left.first { index in
        ours.species[index].symbol == species
          && (regions[index] == .electrolyte) == their.isFilm[atom] && shift(index).length < 5e-3
      }
      if let mine {
        left.remove(mine)
        shifts[their.isFilm[atom], default: []].append(shift(mine))
      }
    }
    // A slab is centred by its mass along a slanting axis: other atomic masses move it as a whole.
    for side in shifts.values {
      let first = try #require(side.first)
      #expect(side.allSatisfy { ($0 - first).length < 1e-6 }, "\(what)")
      #expect(first.length < 2e-3, "\(what): \(first)")
    }
    #expect(left.isEmpty, "\(what), \(their.filmTransformation): \(left.count) atoms elsewhere")
  }
}
