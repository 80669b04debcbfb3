export default function P() {
  return <h1>links</h1>;
}
