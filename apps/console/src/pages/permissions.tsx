export default function P() {
  return <h1>permissions</h1>;
}
